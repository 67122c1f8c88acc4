package dev.weir.e2e.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A control group whose processes together get a part of a CPU, as a container with a CPU limit
 * does: by cgroup v2 where its CPU controller is, else by v1. Needs the right to make one.
 */
final class CpuQuota implements AutoCloseable {
  private static final Path V2 = Path.of("/sys/fs/cgroup");
  private static final Path V1 = Path.of("/sys/fs/cgroup/cpu");
  private static final int PERIOD_MICROS = 100_000;

  private final Path group;

  private CpuQuota(Path group) {
    this.group = group;
  }

  /** A new group; empty where none can be made. */
  static Optional<CpuQuota> of(double cpus) {
    var name = "weir-bench-" + ProcessHandle.current().pid();
    long quota = Math.round(cpus * PERIOD_MICROS);
    try {
      if (Files.exists(V2.resolve("cgroup.controllers"))) {
        var group = Files.createDirectory(V2.resolve(name));
        Files.writeString(
            group.resolve("cpu.max"), String.format(Locale.ROOT, "%d %d", quota, PERIOD_MICROS));
        return Optional.of(new CpuQuota(group));
      }
      var group = Files.createDirectory(V1.resolve(name));
      Files.writeString(group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
      Files.writeString(group.resolve("cpu.cfs_quota_us"), Long.toString(quota));
      return Optional.of(new CpuQuota(group));
    } catch (IOException e) {
      System.err.println("no CPU quota here: " + e);
      return Optional.empty();
    }
  }

  /** Starts a command inside of the group; its words follow these. */
  List<String> wrapper() {
    return List.of(
        "sh", "-c", "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$@\"", "sh");
  }

  /** After its processes have ended. */
  @Override
  public void close() {
    try {
      Files.delete(group);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
