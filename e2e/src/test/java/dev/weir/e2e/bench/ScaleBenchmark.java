package dev.weir.e2e.bench;

import dev.weir.e2e.apiserver.FakeApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What a large cluster costs: memory, time to ready, time from a watch event to live traffic, the
 * longest stall, and whether requests over many hosts cost more than over few. Started by {@code
 * e2e/bench/scale}.
 */
public final class ScaleBenchmark {
  private static final int STARTS = 3;
  private static final int CHANGES = 400;
  private static final int ROUNDS = 10;
  private static final int REQUESTS_PER_SLICE = 30_000;

  private final int ingresses;
  private final int secrets;
  private final Path home;
  private final Path work;
  private final List<String> arguments;
  private final ScaleCluster cluster;
  private final Report report = new Report("scale");

  private ScaleBenchmark(Path home, Path work, int ingresses, FakeApiServer api)
      throws IOException {
    this.home = home;
    this.work = work;
    this.ingresses = ingresses;
    this.secrets = ingresses / 10;
    this.cluster =
        new ScaleCluster(
            api, IntStream.range(0, 4).mapToObj(i -> new EchoBackend("127.0.0.1")).toList());
    var kubeconfig = Files.writeString(work.resolve("kubeconfig"), api.kubeconfig());
    this.arguments =
        List.of(
            "run",
            "--kubeconfig=" + kubeconfig,
            "--configmap=bench/weir",
            "--http-port=0",
            "--https-port=0",
            "--healthz-port=0");
  }

  /**
   * Measures and writes the report.
   *
   * @param args the program's folder, the file to write, the number of Ingresses
   */
  public static void main(String[] args) throws Exception {
    var work = Files.createTempDirectory("weir-scale");
    try (var api = FakeApiServer.started()) {
      int ingresses = args.length > 2 ? Integer.parseInt(args[2]) : 10_000;
      var benchmark = new ScaleBenchmark(Path.of(args[0]), work, ingresses, api);
      benchmark.run();
      benchmark.report.writeTo(Path.of(args[1]));
    }
    System.exit(0); // backends' threads wait for requests that nobody sends
  }

  private void run() throws IOException, InterruptedException {
    cluster.fill(ingresses, secrets);
    report.line(
        String.format(
            Locale.ROOT,
            "%,d Ingresses, Services and EndpointSlices, %,d TLS Secrets, one IngressClass; the API"
                + " server, four endpoints and the clients share CPU 1, Weir has CPU 0.",
            ingresses,
            secrets));
    report.table("what", "measured", "aim");
    var cache = train();
    starts("without an AOT cache", List.of());
    starts("with an AOT cache", List.of("-XX:AOTCache=" + cache));
    try (var proxy = Proxy.start(command(List.of("-XX:AOTCache=" + cache)), work.resolve("log"))) {
      proxy.awaitReady();
      warmUp(proxy);
      report.row("live set after a full collection", "%.0f MB", proxy.liveMegabytes(), "<= 150 MB");
      singleChanges(proxy);
      stalls(proxy);
      requestCost(proxy);
      report.row("resident memory at the end", "%.0f MB", proxy.residentMegabytes(), "");
      report.row("live set at the end", "%.0f MB", proxy.liveMegabytes(), "<= 150 MB");
    }
    otherCollector();
  }

  /** The same rebuild and load under Serial, which jvm.options doesn't choose. */
  private void otherCollector() throws IOException, InterruptedException {
    var flags = List.of("-XX:-UseG1GC", "-XX:+UseSerialGC", "-Xmn24m");
    try (var proxy = Proxy.start(command(flags), work.resolve("serial.log"))) {
      proxy.awaitReady();
      warmUp(proxy);
      report.row(
          "Serial: longest reply while every host is compiled again",
          "%.1f ms",
          longest(proxy, () -> cluster.setting("proxy-body-size", "3m")),
          "");
      var few = new Load(proxy.httpPort(), hosts(10));
      var cost = new Samples();
      for (int round = 0; round < ROUNDS; round++) {
        cost.add(few.run(proxy, REQUESTS_PER_SLICE).cpuMicrosPerRequest());
      }
      report.row("Serial: CPU per request, 10 hosts, median", "%.1f us", cost.median(), "");
      report.row("Serial: resident memory at the end", "%.0f MB", proxy.residentMegabytes(), "");
    }
  }

  private List<String> command(List<String> flags) throws IOException {
    return Proxy.command(home, flags, arguments);
  }

  private Path train() throws IOException, InterruptedException {
    var cache = work.resolve("weir.aot");
    var flags = List.of("-XX:AOTCacheOutput=" + cache);
    try (var proxy = Proxy.start(command(flags), work.resolve("training.log"))) {
      proxy.awaitReady();
      new Load(proxy.httpPort(), hosts(100)).run(proxy, 20_000);
    }
    return cache;
  }

  private void starts(String how, List<String> flags) throws IOException, InterruptedException {
    var seconds = new Samples();
    for (int i = 0; i < STARTS; i++) {
      try (var proxy = Proxy.start(command(flags), work.resolve("start.log"))) {
        seconds.add(proxy.awaitReady());
      }
    }
    report.row(
        "start to ready, " + how + ", median of " + STARTS, "%.2f s", seconds.median(), "<= 3 s");
  }

  private void warmUp(Proxy proxy) throws IOException, InterruptedException {
    new Load(proxy.httpPort(), hosts(ingresses)).run(proxy, 100_000);
  }

  private static List<String> hosts(int count) {
    return IntStream.range(0, count).mapToObj(ScaleCluster::host).toList();
  }

  /** Moves one Ingress' path and asks for the new one until it is there. */
  private void singleChanges(Proxy proxy) throws IOException {
    var millis = new Samples();
    var random = new Random(1);
    try (var client = new KeepAliveClient(proxy.httpPort())) {
      for (int n = 0; n < CHANGES; n++) {
        int i = secrets + random.nextInt(ingresses - secrets);
        var path = "/v" + n;
        var request = KeepAliveClient.get(ScaleCluster.host(i), path);
        long began = System.nanoTime();
        cluster.ingress(i, path, false);
        while (client.exchange(request) != 200) {
          Thread.onSpinWait();
        }
        millis.add((System.nanoTime() - began) / 1e6);
        cluster.ingress(i, "/", false);
        while (client.exchange(KeepAliveClient.get(ScaleCluster.host(i), "/")) != 200) {
          Thread.onSpinWait();
        }
      }
    }
    report.row("change of an Ingress to live, p50 of " + CHANGES, "%.2f ms", millis.median(), "");
    report.row("change of an Ingress to live, p99", "%.2f ms", millis.percentile(0.99), "<= 10 ms");
    report.row("change of an Ingress to live, longest", "%.2f ms", millis.max(), "");
  }

  /**
   * The longest that any of four connections waited for a reply: an upper bound of an event loop's
   * stall, since it holds the client's and the scheduler's delays, too. The idle row shows those.
   */
  private void stalls(Proxy proxy) throws IOException, InterruptedException {
    report.row("longest reply, nothing changes", "%.1f ms", longest(proxy, () -> {}), "");
    report.row(
        "longest reply while every host is compiled again",
        "%.1f ms",
        longest(proxy, () -> cluster.setting("proxy-body-size", "2m")),
        "<= 20 ms");
    report.row(
        "longest reply under 200 single changes",
        "%.1f ms",
        longest(
            proxy,
            () -> {
              for (int i = 0; i < 200; i++) {
                cluster.endpoints(i, 1 + i % 3);
              }
            }),
        "<= 20 ms");
  }

  private double longest(Proxy proxy, Runnable change) throws IOException, InterruptedException {
    var clients = new ArrayList<Thread>();
    var worst = new java.util.concurrent.atomic.AtomicLong();
    var end = System.nanoTime() + 3_000_000_000L;
    for (int c = 0; c < 4; c++) {
      clients.add(Thread.startVirtualThread(() -> watch(proxy.httpPort(), end, worst)));
    }
    change.run();
    for (var client : clients) {
      client.join();
    }
    return worst.get() / 1e6;
  }

  private static void watch(int port, long end, java.util.concurrent.atomic.AtomicLong worst) {
    try (var client = new KeepAliveClient(port)) {
      var request = KeepAliveClient.get(ScaleCluster.host(0), "/");
      while (System.nanoTime() < end) {
        long began = System.nanoTime();
        client.exchange(request);
        worst.accumulateAndGet(System.nanoTime() - began, Math::max);
      }
    } catch (IOException e) {
      worst.set(Long.MAX_VALUE); // a failed request is worse than any stall
    }
  }

  /** Slices in turn: few hosts, many hosts, few hosts again, so that drift meets all alike. */
  private void requestCost(Proxy proxy) throws IOException, InterruptedException {
    var few = new Load(proxy.httpPort(), hosts(10));
    var many = new Load(proxy.httpPort(), hosts(ingresses));
    var fewCost = new Samples();
    var manyCost = new Samples();
    var sameRatio = new Samples();
    var ratio = new Samples();
    for (int round = 0; round < ROUNDS; round++) {
      double first = few.run(proxy, REQUESTS_PER_SLICE).cpuMicrosPerRequest();
      double middle = many.run(proxy, REQUESTS_PER_SLICE).cpuMicrosPerRequest();
      double second = few.run(proxy, REQUESTS_PER_SLICE).cpuMicrosPerRequest();
      fewCost.add(first);
      fewCost.add(second);
      manyCost.add(middle);
      sameRatio.add(first / second);
      ratio.add(middle / ((first + second) / 2));
    }
    report.row("CPU per request, 10 hosts, median", "%.1f us", fewCost.median(), "");
    report.row("CPU per request, all hosts, median", "%.1f us", manyCost.median(), "");
    report.row("ratio all hosts / 10 hosts, median of pairs", "%.3f", ratio.median(), "");
    report.row(
        "A/A: 10 hosts / 10 hosts, spread over rounds", "%.1f %%", sameRatio.spreadPercent(), "");
    double excess = (ratio.median() - 1) * 100;
    report.row(
        "excess of many hosts", "%.1f %%", excess, "within 2 x " + Report.percent(aa(sameRatio)));
  }

  /** Half the width that holds the middle 80 % of the A/A ratios, in percent. */
  private static double aa(Samples sameRatio) {
    return (sameRatio.percentile(0.9) - sameRatio.percentile(0.1)) / 2 * 100;
  }
}
