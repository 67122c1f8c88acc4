package dev.weir.e2e.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;

/** The built program as a process of its own, pinned to CPU 0 unless something else is said. */
final class Proxy implements AutoCloseable {
  private static final Pattern LISTENING =
      Pattern.compile("listening (http|https|admin) \\S*:(\\d+)");

  /** What is in use before or after a collection: a line that says which, then one that says it. */
  private static final Pattern COLLECTED =
      Pattern.compile(
          "GC\\((\\d+)\\) Heap (Before|After) GC.*\\R.*garbage-first heap .* used (\\d+)K");

  private static final Pattern USED = Pattern.compile("garbage-first heap .* used (\\d+)K");

  private final PinnedProcess process;
  private final long started = System.nanoTime();
  private int httpPort;
  private int httpsPort;
  private int adminPort;

  private Proxy(PinnedProcess process) {
    this.process = process;
  }

  /** The command line that starts the program: java, its options, class path, then arguments. */
  static List<String> command(Path home, List<String> jvmFlags, List<String> arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(java().toString());
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

  /** Arguments for any ports of 127.0.0.1, metrics on, manifests from a folder. */
  static List<String> arguments(Path manifests, String transport) {
    return List.of(
        "run",
        "--manifests=" + manifests,
        "--configmap=default/weir",
        "--enable-metrics=true",
        "--transport=" + transport,
        "--bind-address=127.0.0.1",
        "--http-port=0",
        "--https-port=0",
        "--healthz-host=127.0.0.1",
        "--healthz-port=0");
  }

  /** The Java that runs this program. */
  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  static Proxy start(List<String> command, Path log) throws IOException {
    return new Proxy(PinnedProcess.start(command, log));
  }

  /** On these CPUs, as taskset lists them. */
  static Proxy start(String cpus, List<String> command, Path log) throws IOException {
    return new Proxy(PinnedProcess.start(cpus, command, log));
  }

  /**
   * Waits until the admin port says that the first table serves; answers seconds since the start.
   */
  double awaitReady() throws IOException, InterruptedException {
    while (true) {
      if (httpPort == 0 || adminPort == 0) {
        readPorts();
      } else {
        try (var client = new KeepAliveClient(adminPort)) {
          if (client.exchange(KeepAliveClient.get("localhost", "/readyz")) == 200) {
            // The port of HTTPS may have been written after the others were read.
            readPorts();
            return (System.nanoTime() - started) / 1e9;
          }
        }
      }
      process.letRun();
    }
  }

  private void readPorts() throws IOException {
    var matcher = LISTENING.matcher(process.output());
    while (matcher.find()) {
      int port = Integer.parseInt(matcher.group(2));
      switch (matcher.group(1)) {
        case "http" -> httpPort = port;
        case "https" -> httpsPort = port;
        default -> adminPort = port;
      }
    }
  }

  PinnedProcess process() {
    return process;
  }

  int httpPort() {
    return httpPort;
  }

  int httpsPort() {
    return httpsPort;
  }

  int adminPort() {
    return adminPort;
  }

  /** User and system time of the process so far, in seconds. */
  double cpuSeconds() {
    return process.cpuSeconds();
  }

  /** {@code VmRSS} in MB. */
  double residentMegabytes() {
    return process.residentMegabytes();
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

  /**
   * Bytes of heap allocated since the start: what is in use plus what collections reclaimed, but
   * not what marking did. Exact but for the unused rest of a thread's allocation buffer. Needs the
   * G1 collector and {@code -Xlog:gc+heap=debug} among the program's output.
   */
  long allocatedBytes() throws IOException, InterruptedException {
    // A collection between the two readings would count twice or not at all.
    while (true) {
      long reclaimed = reclaimedKilobytes();
      var used = USED.matcher(jcmd("GC.heap_info"));
      if (!used.find()) {
        throw new IOException("GC.heap_info shows no regions: is G1 the collector?");
      }
      if (reclaimed == reclaimedKilobytes()) {
        return (Long.parseLong(used.group(1)) + reclaimed) * 1024;
      }
    }
  }

  private long reclaimedKilobytes() throws IOException {
    long sum = 0;
    var before = new HashMap<String, Long>();
    var collections = COLLECTED.matcher(process.output());
    while (collections.find()) {
      long used = Long.parseLong(collections.group(3));
      if (collections.group(2).equals("Before")) {
        before.put(collections.group(1), used);
      } else {
        var was = before.remove(collections.group(1));
        sum += was == null ? 0 : was - used;
      }
    }
    return sum;
  }

  private String jcmd(String what) throws IOException, InterruptedException {
    var jcmd = java().resolveSibling("jcmd").toString();
    var run =
        new ProcessBuilder(jcmd, Long.toString(process.pid()), what)
            .redirectErrorStream(true)
            .start();
    var output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    run.waitFor();
    return output;
  }

  @Override
  public void close() {
    process.close();
  }
}
