package dev.weir.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Time of CPU 0 since the start of the machine, in ticks (proc(5), {@code /proc/stat}).
 *
 * @param total of any kind
 * @param busy not idle
 * @param stolen given to other virtual machines
 */
record Cpu0(long total, long busy, long stolen) {
  private static final double TICKS_PER_SECOND = 100;
  private static final double FOREIGN_BOUND = 0.05;
  private static final double STOLEN_BOUND = 0.01;

  static Cpu0 now() throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/stat"))) {
      if (line.startsWith("cpu0 ")) {
        var fields = line.split(" ", -1);
        long total = 0;
        for (int i = 1; i <= 8; i++) {
          total += Long.parseLong(fields[i]);
        }
        long idle = Long.parseLong(fields[4]) + Long.parseLong(fields[5]);
        return new Cpu0(total, total - idle, Long.parseLong(fields[8]));
      }
    }
    throw new IOException("no cpu0 in /proc/stat");
  }

  /** Whether others used the CPU since then, while a process used this many seconds of it. */
  boolean disturbedSince(Cpu0 then, double ownSeconds) {
    double all = Math.max(1, total - then.total);
    double foreign = busy - then.busy - ownSeconds * TICKS_PER_SECOND;
    return foreign / all > FOREIGN_BOUND || (stolen - then.stolen) / all > STOLEN_BOUND;
  }
}
