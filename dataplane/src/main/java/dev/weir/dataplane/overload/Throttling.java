package dev.weir.dataplane.overload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How often the kernel has held this process up because its CPU quota, a container's CPU limit, was
 * used up: {@code nr_throttled} of {@code cpu.stat} (cgroup v2, Linux' {@code
 * Documentation/admin-guide/cgroup-v2.rst}, and v1, {@code scheduler/sched-bwc.rst}). Any thread.
 */
final class Throttling implements LongSupplier {
  private static final Path GROUPS = Path.of("/proc/self/cgroup");
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final String FILE = "cpu.stat";
  private static final String COUNT = "nr_throttled ";

  private final Path file;

  private Throttling(Path file) {
    this.file = file;
  }

  /** Of this process; always 0 where the system doesn't say. */
  static LongSupplier system() {
    return of(GROUPS, ROOT);
  }

  /**
   * Of a process.
   *
   * @param groups says which groups it is in
   * @param root where groups are shown
   */
  static LongSupplier of(Path groups, Path root) {
    try {
      for (var line : Files.readAllLines(groups)) {
        var file = file(line.split(":", 3), root);
        if (file != null) {
          return new Throttling(file);
        }
      }
    } catch (IOException e) {
      // Another system than Linux.
    }
    return () -> 0;
  }

  /** Of {@code ID:CONTROLLERS:PATH}, with no controllers for v2; null if it isn't about CPUs. */
  private static @Nullable Path file(String[] line, Path root) {
    if (line.length < 3
        || !(line[1].isEmpty() || List.of(line[1].split(",", -1)).contains("cpu"))) {
      return null;
    }
    var shown = line[1].isEmpty() ? root : root.resolve("cpu");
    // In a container the path may be the host's, of which the container sees its own group only.
    var own = shown.resolve(line[2].substring(1)).resolve(FILE);
    var top = shown.resolve(FILE);
    return Files.isReadable(own) ? own : Files.isReadable(top) ? top : null;
  }

  @Override
  public long getAsLong() {
    try {
      for (var line : Files.readAllLines(file)) {
        if (line.startsWith(COUNT)) {
          return Long.parseLong(line.substring(COUNT.length()));
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Without a count nothing was held up.
    }
    return 0;
  }
}
