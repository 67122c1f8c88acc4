package dev.weir.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The built program as a process of its own, pinned to CPU 0. */
final class Proxy implements AutoCloseable {
  private static final Pattern LISTENING =
      Pattern.compile("listening (http|https|admin) \\S*:(\\d+)");
  private static final double TICKS_PER_SECOND = 100;

  private final Process process;
  private final Path log;
  private final long started = System.nanoTime();
  private int httpPort;
  private int adminPort;

  private Proxy(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** The command line that starts the program: java, its options, class path, then arguments. */
  static List<String> command(Path home, List<String> jvmFlags, List<String> arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.addAll(List.of("taskset", "-c", "0"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + home.resolve("jvm.options"));
    command.addAll(jvmFlags);
    command.add("-cp");
    try (var jars = Files.list(home.resolve("lib"))) {
      // In a fixed order: an AOT cache is only used with the class path that it was made with.
      command.add(String.join(":", jars.map(Path::toString).sorted().toList()));
    }
    command.add("dev.weir.controller.cli.Weir");
    command.addAll(arguments);
    return command;
  }

  static Proxy start(List<String> command, Path log) throws IOException {
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Proxy(process, log);
  }

  /**
   * Waits until the admin port says that the first table serves; answers seconds since the start.
   */
  double awaitReady() throws IOException, InterruptedException {
    while (true) {
      if (!process.isAlive()) {
        throw new IOException("the program ended:\n" + Files.readString(log));
      }
      if (httpPort == 0 || adminPort == 0) {
        readPorts();
      } else {
        try (var client = new KeepAliveClient(adminPort)) {
          if (client.exchange(KeepAliveClient.get("localhost", "/readyz")) == 200) {
            return (System.nanoTime() - started) / 1e9;
          }
        }
      }
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
  }

  private void readPorts() throws IOException {
    var matcher = LISTENING.matcher(Files.readString(log));
    while (matcher.find()) {
      int port = Integer.parseInt(matcher.group(2));
      switch (matcher.group(1)) {
        case "http" -> httpPort = port;
        case "admin" -> adminPort = port;
        default -> {
          // Not asked for here.
        }
      }
    }
  }

  int httpPort() {
    return httpPort;
  }

  int adminPort() {
    return adminPort;
  }

  /** User and system time of the process so far, in seconds. */
  double cpuSeconds() throws IOException {
    var stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** {@code VmRSS} in MB. */
  double residentMegabytes() throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException("no VmRSS");
  }

  /** Bytes of live objects after a full collection, in MB. */
  double liveMegabytes() throws IOException, InterruptedException {
    jcmd("GC.run");
    jcmd("GC.run");
    // Without "-all" the histogram counts live objects only; its last line is the total.
    var histogram = jcmd("GC.class_histogram").strip();
    var total = histogram.substring(histogram.lastIndexOf('\n') + 1).strip().split("\\s+", -1);
    return Long.parseLong(total[2]) / 1048576.0;
  }

  private String jcmd(String what) throws IOException, InterruptedException {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var run =
        new ProcessBuilder(jcmd, Long.toString(process.pid()), what)
            .redirectErrorStream(true)
            .start();
    var output =
        new String(run.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    run.waitFor();
    return output;
  }

  @Override
  public void close() throws IOException {
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
