package dev.weir.controller.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes manifests into a folder the way people and tools do. */
record Folder(Path path) {
  static String namespace(String name, String label) {
    return "{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: {v: \"%s\"}}}\n"
        .formatted(name, label);
  }

  /**
   * Whoever looks meanwhile finds no half: text of the same length is written over the old one, and
   * a new file gets its name when it is whole.
   */
  Folder write(String file, String text) throws IOException {
    var target = path.resolve(file);
    Files.createDirectories(target.getParent());
    if (!Files.exists(target)) {
      var temporary = target.resolveSibling("." + target.getFileName() + ".new");
      Files.writeString(temporary, text);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return this;
    }
    try (var channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
      int length = channel.write(StandardCharsets.UTF_8.encode(text));
      channel.truncate(length);
    }
    return this;
  }

  /** As editors do: a new file takes the old one's name. */
  Folder renameOver(String file, String text) throws IOException {
    var temporary = path.resolve("." + file + ".tmp");
    Files.writeString(temporary, text);
    Files.move(temporary, path.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    return this;
  }

  Folder delete(String file) throws IOException {
    Files.delete(path.resolve(file));
    return this;
  }

  /** As the kubelet mounts a ConfigMap: a folder of a version, a link to it, links through that. */
  Folder mount(String version, String file, String text) throws IOException {
    write(version + "/" + file, text);
    var link = path.resolve("..data_tmp");
    Files.createSymbolicLink(link, Path.of(version));
    Files.move(link, path.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    var visible = path.resolve(file);
    if (!Files.isSymbolicLink(visible)) {
      Files.createSymbolicLink(visible, Path.of("..data", file));
    }
    return this;
  }
}
