package dev.weir.e2e.bench;

import dev.weir.e2e.apiserver.FakeApiServer;
import dev.weir.e2e.wire.AnyCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * What a small pod has to hold: memory with so many routes and so much traffic, and the time until
 * it is ready, as the image starts it. Started by {@code e2e/bench/pod}.
 */
public final class PodBenchmark {
  private static final String BOTH = "0,1";
  private static final int STARTS = 3;
  private static final int CONNECTIONS = 500;
  private static final int RATE = 2_000;
  private static final int SECONDS = 12;
  private static final double QUOTA = 0.1;
  private static final int QUOTA_RATE = 100;

  private final Path home;
  private final Path work;
  private final Path cache;
  private final List<String> flags;
  private final SSLContext trusting = AnyCertificate.context();
  private final Report report = new Report("pod");

  private PodBenchmark(Path home, Path work, List<String> flags) {
    this.home = home;
    this.work = work;
    this.cache = work.resolve("weir.aot");
    this.flags = flags;
  }

  /**
   * Measures and writes the report.
   *
   * @param args the program's folder, the file to write, then further JVM flags
   */
  public static void main(String[] args) throws Exception {
    var work = Files.createTempDirectory("weir-pod");
    var further = List.of(args).subList(2, args.length);
    var benchmark = new PodBenchmark(Path.of(args[0]), work, further);
    benchmark.run();
    benchmark.report.writeTo(Path.of(args[1]));
    System.exit(0); // backends' threads wait for requests that nobody sends
  }

  private void run() throws IOException, InterruptedException {
    report.line(
        String.format(
            Locale.ROOT,
            "Started as the image starts it, with an AOT cache from `demo --rehearse`%s. Weir, the"
                + " API server, an endpoint and the clients share two cores. One Ingress, Service"
                + " and EndpointSlice for each route, a TLS Secret for one in ten. %d connections"
                + " of HTTP/1.1 together ask %,d times a second for %d s. Memory is the process'"
                + " VmRSS; in brackets the part that is no file.",
            flags.isEmpty() ? "" : " and " + String.join(" ", flags),
            CONNECTIONS,
            RATE,
            SECONDS));
    report.table("what", "measured", "aim");
    AotTraining.run(home, cache);
    report.row("AOT cache", "%.0f MiB", Files.size(cache) / 1048576.0, "");
    try (var api = FakeApiServer.started()) {
      var arguments = fill(api, 1_000);
      starts("1,000 routes", arguments, "<= 2 s");
      loads(1_000, arguments, "<= 256 MiB");
      throttled(1_000, arguments);
    }
    try (var api = FakeApiServer.started()) {
      var arguments = fill(api, 10_000);
      starts("10,000 routes", arguments, "<= 3 s");
      loads(10_000, arguments, "");
    }
  }

  private static List<String> fill(FakeApiServer api, int ingresses) {
    new ScaleCluster(api, List.of(new EchoBackend("127.0.0.1"))).fill(ingresses, ingresses / 10);
    return List.of(
        "run",
        "--apiserver-host=" + api.url(),
        "--configmap=bench/weir",
        "--enable-metrics",
        "--http-port=0",
        "--https-port=0",
        "--healthz-port=0");
  }

  private List<String> command(List<String> arguments) throws IOException {
    var all = new ArrayList<>(List.of("-XX:AOTCache=" + cache));
    all.addAll(flags);
    return Proxy.command(home, all, arguments);
  }

  private void starts(String routes, List<String> arguments, String aim)
      throws IOException, InterruptedException {
    var seconds = new Samples();
    var cpu = new Samples();
    for (int i = 0; i < STARTS; i++) {
      try (var proxy = Proxy.start(BOTH, command(arguments), work.resolve("start.log"))) {
        seconds.add(proxy.awaitReady());
        cpu.add(proxy.cpuSeconds());
      }
    }
    report.row(routes + ": ready after, median of " + STARTS, "%.2f s", seconds.median(), aim);
    report.row(routes + ": CPU time until then", "%.2f s", cpu.median(), "");
  }

  private void loads(int routes, List<String> arguments, String aim)
      throws IOException, InterruptedException {
    try (var proxy = Proxy.start(BOTH, command(arguments), work.resolve("load.log"))) {
      proxy.awaitReady();
      memory(row(routes, 0, ""), proxy, "");
      int port = proxy.httpPort();
      load(routes, RATE, "", () -> KeepAliveClient.connected(port), proxy, aim);
      int https = proxy.httpsPort();
      load(routes, RATE, " over TLS", () -> secured(https), proxy, "");
      report.row(routes + " routes: live heap", "%.0f MiB", proxy.liveMegabytes(), "");
    }
  }

  private static String row(int routes, int rate, String how) {
    return String.format(Locale.ROOT, "%,d routes + %,d requests/s%s", routes, rate, how);
  }

  private void memory(String row, Proxy proxy, String aim) {
    var text =
        String.format(
            Locale.ROOT,
            "%.0f MiB (%.0f)",
            proxy.residentMegabytes(),
            proxy.process().megabytes("RssAnon"));
    report.cells(row, text, aim);
    System.err.println(row + ": " + text);
  }

  private void load(int routes, int rate, String how, PodLoad.Dial dial, Proxy proxy, String aim)
      throws IOException, InterruptedException {
    var hosts = IntStream.range(0, routes).mapToObj(ScaleCluster::host).toList();
    var load = new PodLoad(CONNECTIONS, rate, dial, hosts);
    double cpu = proxy.cpuSeconds();
    load.run(SECONDS);
    cpu = proxy.cpuSeconds() - cpu;
    var row = row(routes, rate, how);
    memory(row, proxy, aim);
    var millis = load.millis();
    var text =
        String.format(
            Locale.ROOT,
            "%,d replies, %s, p50 %.1f ms, p99 %.1f ms, %.0f %% of a core",
            millis.size(),
            load.others(),
            millis.median(),
            millis.percentile(0.99),
            cpu * 100 / SECONDS);
    report.cells("... replies", text, "");
    System.err.println(row + ": " + text);
  }

  private SSLSocket secured(int port) throws IOException {
    var plain = KeepAliveClient.connected(port);
    var factory = trusting.getSocketFactory();
    var socket = (SSLSocket) factory.createSocket(plain, ScaleCluster.host(0), port, true);
    socket.startHandshake();
    return socket;
  }

  /** A pod with a CPU limit, which the stock one has not. */
  private void throttled(int routes, List<String> arguments)
      throws IOException, InterruptedException {
    var made = CpuQuota.of(QUOTA);
    if (made.isEmpty()) {
      report.cells("CPU quota of " + QUOTA, "no control group could be made", "");
      return;
    }
    try (var quota = made.get()) {
      var command = new ArrayList<>(quota.wrapper());
      command.addAll(command(arguments));
      try (var proxy = Proxy.start(BOTH, command, work.resolve("quota.log"))) {
        double ready = proxy.awaitReady();
        report.row("CPU quota of " + QUOTA + ": ready after", "%.1f s", ready, "");
        int port = proxy.httpPort();
        var how = " at a CPU quota of " + QUOTA;
        load(routes, QUOTA_RATE, how, () -> KeepAliveClient.connected(port), proxy, "");
      }
    }
  }
}
