package dev.weir.e2e.fault;

import dev.weir.e2e.harness.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Lets a process have a part of one CPU only, until it is closed: by a control group where those of
 * this machine may be used; else the process is stopped for most of the time.
 */
final class Starvation implements AutoCloseable {
  private static final int PERIOD_MICROS = 100_000;
  private static final String THROTTLED = "nr_throttled ";
  private static final Path GROUPS = Path.of("/sys/fs/cgroup/cpu");

  private final long pid;
  private final @Nullable Path group;
  private final AtomicInteger stops = new AtomicInteger();
  private final CountDownLatch end = new CountDownLatch(1);
  private final @Nullable Thread stopper;

  private Starvation(long pid, @Nullable Path group, int percent) {
    this.pid = pid;
    this.group = group;
    this.stopper = group == null ? Thread.ofPlatform().start(() -> stopAndGo(percent)) : null;
  }

  static Starvation of(long pid, int percent) {
    var group = GROUPS.resolve("weir-test-" + pid);
    try {
      Files.createDirectory(group);
      Files.writeString(group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
      Files.writeString(
          group.resolve("cpu.cfs_quota_us"), Integer.toString(PERIOD_MICROS / 100 * percent));
      Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
      return new Starvation(pid, group, percent);
    } catch (IOException e) {
      return new Starvation(pid, null, percent);
    }
  }

  /** How, for people. */
  String means() {
    return group == null ? "SIGSTOP and SIGCONT in turns" : "a quota of its control group";
  }

  /** In how many periods it would have run longer than it might. */
  int periods() {
    if (group == null) {
      return stops.get();
    }
    try (var lines = Files.lines(group.resolve("cpu.stat"))) {
      return lines
          .filter(line -> line.startsWith(THROTTLED))
          .mapToInt(line -> Integer.parseInt(line.substring(THROTTLED.length())))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void stopAndGo(int percent) {
    try {
      do {
        Commands.run("kill", "-STOP", Long.toString(pid));
        stops.incrementAndGet();
        var _ = end.await(5L * (100 - percent), TimeUnit.MILLISECONDS);
        Commands.run("kill", "-CONT", Long.toString(pid));
      } while (!end.await(5L * percent, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end.countDown();
    var thread = stopper;
    var own = group;
    try {
      if (thread != null) {
        thread.join();
      }
      if (own != null) {
        Files.writeString(GROUPS.resolve("cgroup.procs"), Long.toString(pid));
        Files.delete(own);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
