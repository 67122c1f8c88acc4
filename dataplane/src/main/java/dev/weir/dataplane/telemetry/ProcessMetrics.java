package dev.weir.dataplane.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The process as the operating system sees it. What {@code /proc} does not tell is left out. Safe
 * on every thread.
 */
final class ProcessMetrics implements MetricSource {
  /** Linux reports CPU time in hundredths of a second on every architecture (USER_HZ). */
  private static final double TICKS_PER_SECOND = 100;

  private static final int UTIME_AFTER_NAME = 11;

  private final Labels constant;
  private final Path proc;

  ProcessMetrics(Labels constant) {
    this(constant, Path.of("/proc/self"));
  }

  ProcessMetrics(Labels constant, Path proc) {
    this.constant = constant;
    this.proc = proc;
  }

  @Override
  public void collect(MetricWriter out) {
    out.gauge(Names.PROCESS + "num_procs", "Processes that serve traffic.", constant, 1);
    ProcessHandle.current()
        .info()
        .startInstant()
        .ifPresent(
            start ->
                out.family(
                        Names.PROCESS + "oldest_start_time_seconds",
                        MetricType.GAUGE,
                        "When the process started, in seconds since 1970.")
                    .sample(constant, start.toEpochMilli() / 1e3));
    var status = status();
    bytes(out, "resident_memory_bytes", "Resident memory.", status.get("VmRSS"));
    bytes(out, "virtual_memory_bytes", "Virtual memory.", status.get("VmSize"));
    var cpu = cpuSeconds();
    if (!Double.isNaN(cpu)) {
      out.family(
              Names.PROCESS + "cpu_seconds_total",
              MetricType.COUNTER,
              "CPU time of the process, user and system.")
          .sample(constant, cpu);
    }
  }

  private void bytes(MetricWriter out, String name, String help, @Nullable String value) {
    if (value != null && value.endsWith(" kB")) {
      long kilobytes = Long.parseLong(value.substring(0, value.length() - 3));
      out.gauge(Names.PROCESS + name, help, constant, kilobytes * 1024);
    }
  }

  private Map<String, String> status() {
    var fields = new HashMap<String, String>();
    try {
      for (var line : Files.readAllLines(proc.resolve("status"))) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
      }
    } catch (IOException e) {
      // Not Linux, or hidden: these metrics are left out.
      fields.clear();
    }
    return fields;
  }

  private double cpuSeconds() {
    try {
      var stat = Files.readString(proc.resolve("stat"));
      // The name in parentheses may contain spaces.
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long ticks =
          Long.parseLong(fields[UTIME_AFTER_NAME]) + Long.parseLong(fields[UTIME_AFTER_NAME + 1]);
      return ticks / TICKS_PER_SECOND;
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
