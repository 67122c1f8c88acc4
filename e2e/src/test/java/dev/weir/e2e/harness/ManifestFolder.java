package dev.weir.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;

/** A folder of manifests of its own, removed when closed. Files appear whole. */
public final class ManifestFolder implements AutoCloseable {
  private final Path base;
  private final Path folder;

  private ManifestFolder(Path base) {
    this.base = base;
    this.folder = base.resolve("manifests");
  }

  /** A folder with the class {@code nginx} and nothing else. */
  public static ManifestFolder withClass() {
    var folder = empty();
    folder.write("class.yaml", Objects.INGRESS_CLASS);
    return folder;
  }

  /** An empty folder. */
  public static ManifestFolder empty() {
    try {
      var made = new ManifestFolder(Files.createTempDirectory("weir-e2e-"));
      Files.createDirectory(made.folder);
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path path() {
    return folder;
  }

  /** A folder beside it, for what is not to be seen yet. */
  public Path beside() {
    return base;
  }

  /** Creates or replaces a file in one step. */
  public void write(String name, String text) {
    try {
      var target = folder.resolve(name);
      Files.createDirectories(target.getParent());
      var written = Files.writeString(base.resolve("written"), text);
      Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a file. */
  public void delete(String name) {
    try {
      Files.delete(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Renames a file. */
  public void rename(String from, String to) {
    try {
      Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a name a link to a target, replacing what it was in one step. */
  public void link(String name, Path target) {
    try {
      var link = base.resolve("link");
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, target);
      Files.move(link, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try (var files = Files.walk(base)) {
      files.sorted(Comparator.reverseOrder()).forEach(ManifestFolder::remove);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
