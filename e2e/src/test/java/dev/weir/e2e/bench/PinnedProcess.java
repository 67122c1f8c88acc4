package dev.weir.e2e.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program pinned to a CPU or some; what it costs includes the processes that it started. */
final class PinnedProcess implements AutoCloseable {
  private static final double TICKS_PER_SECOND = 100;

  private final Process process;
  private final Path log;

  private PinnedProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    // A benchmark that was interrupted must not leave it behind.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
  }

  /** On CPU 0. */
  static PinnedProcess start(List<String> command, Path log) throws IOException {
    return start("0", command, log);
  }

  /**
   * The same on other CPUs.
   *
   * @param cpus as taskset lists them
   */
  static PinnedProcess start(String cpus, List<String> command, Path log) throws IOException {
    var pinned = new ArrayList<>(List.of("taskset", "-c", cpus));
    pinned.addAll(command);
    var builder = new ProcessBuilder(pinned).redirectErrorStream(true);
    return new PinnedProcess(builder.redirectOutput(log.toFile()).start(), log);
  }

  long pid() {
    return process.pid();
  }

  /** What it printed so far. */
  String output() throws IOException {
    return Files.readString(log);
  }

  /** Lets a little time pass for it to go on. */
  void letRun() throws IOException, InterruptedException {
    if (process.waitFor(5, TimeUnit.MILLISECONDS)) {
      throw new IOException("the program ended:\n" + output());
    }
  }

  /** Waits until a port of 127.0.0.1 takes connections. */
  void awaitPort(int port) throws IOException, InterruptedException {
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (ConnectException notYet) {
        letRun();
      }
    }
  }

  private Stream<ProcessHandle> all() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants());
  }

  /** User and system time so far, in seconds. */
  double cpuSeconds() {
    return all().mapToLong(PinnedProcess::ticks).sum() / TICKS_PER_SECOND;
  }

  private static long ticks(ProcessHandle process) {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code VmRSS} in MB. */
  double residentMegabytes() {
    return megabytes("VmRSS");
  }

  /** A line of {@code /proc/PID/status} in MB. */
  double megabytes(String line) {
    return all().mapToDouble(process -> megabytes(process, line)).sum();
  }

  private static double megabytes(ProcessHandle process, String name) {
    try {
      var status = Path.of("/proc", Long.toString(process.pid()), "status");
      for (var line : Files.readAllLines(status)) {
        if (line.startsWith(name + ":")) {
          return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
        }
      }
      throw new IOException("no " + name + " in " + status);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
