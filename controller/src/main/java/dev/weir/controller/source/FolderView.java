package dev.weir.controller.source;

import dev.weir.controller.parse.ManifestReader;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a folder of manifests looks like at one moment.
 *
 * @param files by path below the folder, with {@code /} between its parts
 * @param folders the folder and those below it
 */
record FolderView(Map<String, Seen> files, Set<Path> folders) {
  static final FolderView NONE = new FolderView(Map.of(), Set.of());

  // Below these, every look reads every content; above, only what looks changed, except for a
  // thorough look now and then. Reading 10,000 files each second would cost a third of a core.
  private static final int SMALL = 1024 * 1024;
  private static final int FEW = 500;

  private static final int DEEPEST = 32;

  /**
   * A file as found.
   *
   * @param hash of its content; empty if it can't be read
   * @param problem why it can't be read; empty if it can
   */
  record Seen(long size, FileTime modified, Object id, String hash, String problem) {
    private boolean sameStamp(BasicFileAttributes now) {
      return problem.isEmpty()
          && size == now.size()
          && modified.equals(now.lastModifiedTime())
          && id.equals(idOf(now));
    }
  }

  /**
   * Looks at the folder. Names that start with a dot are passed over: editors' temporary files, and
   * the {@code ..data} of a mounted ConfigMap, whose files are seen through their links.
   *
   * @param before the look before this one; files that by size, time and identity are unchanged
   *     since may count as unchanged
   * @param thorough whether to read everything nevertheless
   * @throws IOException if the folder itself can't be listed
   */
  static FolderView look(Path folder, FolderView before, boolean thorough) throws IOException {
    var view = new FolderView(new TreeMap<>(), new HashSet<>());
    view.new Walk(folder, before.files, thorough).list(folder);
    return view;
  }

  /** Fills the view. */
  private final class Walk {
    private final Path root;
    private final Map<String, Seen> known;
    private final boolean thorough;
    private final Set<Path> open = new HashSet<>();

    Walk(Path root, Map<String, Seen> known, boolean thorough) {
      this.root = root;
      this.known = known;
      this.thorough = thorough;
    }

    void list(Path folder) throws IOException {
      var real = folder.toRealPath();
      // A link to a folder above would be walked for ever.
      if (open.size() >= DEEPEST || !open.add(real)) {
        return;
      }
      folders.add(folder);
      try (Stream<Path> entries = Files.list(folder)) {
        entries
            .filter(entry -> !entry.getFileName().toString().startsWith("."))
            .sorted()
            .forEach(this::add);
      } finally {
        open.remove(real);
      }
    }

    private void add(Path entry) {
      var name = root.relativize(entry).toString().replace('\\', '/');
      try {
        if (Files.isDirectory(entry)) {
          list(entry);
        } else if (ManifestReader.isManifest(name) && Files.isRegularFile(entry)) {
          files.put(name, see(entry, known.get(name)));
        }
      } catch (IOException unreadable) {
        // Gone between the listing and the reading, or forbidden; the next look tells which.
        files.put(name, new Seen(0, FileTime.fromMillis(0), "", "", reason(unreadable)));
        // What a folder held isn't gone because the folder can't be read.
        known.forEach(
            (file, seen) -> {
              if (file.startsWith(name + "/")) {
                files.put(file, seen);
              }
            });
      }
    }

    private Seen see(Path file, @Nullable Seen before) throws IOException {
      var now = Files.readAttributes(file, BasicFileAttributes.class);
      boolean costly = now.size() > SMALL || known.size() > FEW;
      if (before != null && costly && !thorough && before.sameStamp(now)) {
        return before;
      }
      return new Seen(now.size(), now.lastModifiedTime(), idOf(now), hash(read(file)), "");
    }
  }

  private static Object idOf(BasicFileAttributes attributes) {
    return attributes.fileKey() == null ? "" : attributes.fileKey();
  }

  static byte[] read(Path file) throws IOException {
    if (Files.size(file) > ManifestReader.LARGEST) {
      throw new IOException("it is larger than " + ManifestReader.LARGEST + " bytes");
    }
    return Files.readAllBytes(file);
  }

  static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Why a file or folder can't be read, as part of a sentence. */
  static String reason(IOException problem) {
    return switch (problem) {
      case AccessDeniedException denied -> "permission denied";
      case NoSuchFileException gone -> "it is gone";
      case NotDirectoryException file -> "it is no folder";
      default -> String.valueOf(problem.getMessage());
    };
  }
}
