package dev.weir.controller.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes manifests into a folder the way people and tools do. */
record Folder(Path path) {
  static String namespace(String name, String label) {
    return "{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: {v: \"%s\"}}}\n"
        .formatted(name, label);
  }

  Folder write(String file, String text) throws IOException {
    var target = path.resolve(file);
    Files.createDirectories(target.getParent());
    Files.writeString(target, text);
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
