package dev.weir.e2e.bench;

import dev.weir.e2e.apiserver.FakeApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * How long event loops stand still while every host is compiled again under load, with each
 * collector. Started by {@code e2e/bench/stalls}.
 */
public final class StallBenchmark {
  private static final int USUAL_ROUNDS = 2;
  private static final int REBUILDS = 20;
  private static final int SLICES = 5;
  private static final int REQUESTS_PER_SLICE = 20_000;
  private static final int CLIENTS = 4;
  private static final double AIM = 0.02;

  private final Path home;
  private final Path work;
  private final int ingresses;
  private final ScaleCluster cluster;
  private final List<String> arguments;
  private final Report report = new Report("stalls");
  private int settings = 2;

  /** A choice of collector and what came of it. */
  private record Collector(
      String title,
      List<String> flags,
      Samples longest,
      Samples quiet,
      Samples cost,
      Samples rebuild,
      ArrayList<LoopWaits> waits,
      ArrayList<GcPauses.Pause> pauses) {
    Collector(String title, String... flags) {
      this(
          title,
          List.of(flags),
          new Samples(),
          new Samples(),
          new Samples(),
          new Samples(),
          new ArrayList<>(),
          new ArrayList<>());
    }
  }

  private StallBenchmark(Path home, Path work, int ingresses, FakeApiServer api)
      throws IOException {
    this.home = home;
    this.work = work;
    this.ingresses = ingresses;
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
   * @param args the program's folder, the file to write, the number of Ingresses, of processes for
   *     each collector
   */
  public static void main(String[] args) throws Exception {
    var work = Files.createTempDirectory("weir-stalls");
    try (var api = FakeApiServer.started()) {
      int ingresses = args.length > 2 ? Integer.parseInt(args[2]) : 10_000;
      var benchmark = new StallBenchmark(Path.of(args[0]), work, ingresses, api);
      benchmark.run(args.length > 3 ? Integer.parseInt(args[3]) : USUAL_ROUNDS);
      benchmark.report.writeTo(Path.of(args[1]));
    }
    System.exit(0); // backends' threads wait for requests that nobody sends
  }

  private void run(int rounds) throws IOException, InterruptedException {
    cluster.fill(ingresses, 0);
    var collectors =
        List.of(
            new Collector(
                "Serial", "-XX:-UseG1GC", "-XX:+UseSerialGC", "-Xmn24m", "-XX:SurvivorRatio=4"),
            new Collector("G1"));
    for (int round = 0; round < rounds; round++) {
      for (var collector : collectors) {
        measure(collector);
      }
    }
    report.line(
        String.format(
            Locale.ROOT,
            "%,d Ingresses of one host each; a ConfigMap key changes, so that every host is"
                + " compiled again, %d times in each of %d processes for each collector, in turns."
                + " %d connections ask all the time. The program's own probe puts a task on each"
                + " event loop every millisecond; the longest reply is what a connection saw and"
                + " holds the client's own delays, too. Weir has CPU 0 to itself.",
            ingresses,
            REBUILDS,
            rounds,
            CLIENTS));
    report.table("what", "aim", collectors.get(0).title, collectors.get(1).title);
    row("probes during rebuilds", "", collectors, each -> Long.toString(sum(each, 0)));
    row("probes that waited > 20 ms", "0", collectors, each -> Long.toString(sum(each, AIM)));
    row("no probe waited longer than, ms", "20", collectors, each -> millis(most(each) * 1000));
    row("collections that took > 20 ms", "", collectors, each -> Long.toString(longPauses(each)));
    row("longest collection, ms", "20", collectors, each -> millis(longestPause(each, false)));
    row("... of all generations, ms", "", collectors, each -> millis(longestPause(each, true)));
    row("longest reply, rebuilding, ms", "", collectors, each -> millis(each.longest.max()));
    row("... median of rebuilds, ms", "", collectors, each -> millis(each.longest.median()));
    row("longest reply, no change, ms", "", collectors, each -> millis(each.quiet.max()));
    row(
        "CPU of 3 s with a rebuild and load, ms, median",
        "",
        collectors,
        each -> millis(each.rebuild.median()));
    row("CPU of a request, us, median", "", collectors, each -> millis(each.cost.median()));
  }

  private interface Cell {
    String of(Collector collector);
  }

  private void row(String what, String aim, List<Collector> collectors, Cell cell) {
    var first = cell.of(collectors.get(0));
    var second = cell.of(collectors.get(1));
    report.cells(what, aim, first, second);
    System.err.println(what + ": " + first + " " + second);
  }

  private static String millis(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static long sum(Collector collector, double longerThan) {
    return collector.waits.stream()
        .mapToLong(waits -> longerThan == 0 ? waits.all() : waits.longerThan(longerThan))
        .sum();
  }

  private static double most(Collector collector) {
    return collector.waits.stream().mapToDouble(LoopWaits::most).max().orElse(0);
  }

  private static long longPauses(Collector collector) {
    return collector.pauses.stream().filter(pause -> pause.millis() > AIM * 1000).count();
  }

  private static double longestPause(Collector collector, boolean full) {
    return collector.pauses.stream()
        .filter(pause -> !full || pause.full())
        .mapToDouble(GcPauses.Pause::millis)
        .max()
        .orElse(0);
  }

  private void measure(Collector collector) throws IOException, InterruptedException {
    var pauses = new GcPauses(work.resolve(collector.title + ".gc"));
    var flags = new ArrayList<>(collector.flags);
    flags.add(pauses.flag());
    flags.add("-Dweir.overload.period-millis=1");
    var hosts = IntStream.range(0, ingresses).mapToObj(ScaleCluster::host).toList();
    try (var proxy =
        Proxy.start(Proxy.command(home, flags, arguments), work.resolve(collector.title))) {
      proxy.awaitReady();
      var load = new Load(proxy.httpPort(), hosts);
      load.run(proxy, 100_000);
      for (int i = 0; i < SLICES; i++) {
        collector.cost.add(load.run(proxy, REQUESTS_PER_SLICE).cpuMicrosPerRequest());
      }
      collector.quiet.add(longest(proxy, () -> {}));
      pauses.begin();
      for (int i = 0; i < REBUILDS; i++) {
        var before = LoopWaits.now(proxy);
        double cpu = proxy.cpuSeconds();
        collector.longest.add(longest(proxy, this::rebuild));
        collector.rebuild.add((proxy.cpuSeconds() - cpu) * 1000);
        collector.waits.add(LoopWaits.now(proxy).since(before));
      }
      collector.pauses.addAll(pauses.all());
    }
  }

  private void rebuild() {
    cluster.setting("proxy-body-size", settings++ + "m");
  }

  /** The longest that a connection waited for a reply in three seconds, milliseconds. */
  private static double longest(Proxy proxy, Runnable change)
      throws IOException, InterruptedException {
    var worst = new AtomicLong();
    var failed = new AtomicBoolean();
    var clients = new ArrayList<Thread>();
    long end = System.nanoTime() + 3_000_000_000L;
    for (int c = 0; c < CLIENTS; c++) {
      clients.add(
          Thread.startVirtualThread(
              () -> {
                try (var client = new KeepAliveClient(proxy.httpPort())) {
                  var request = KeepAliveClient.get(ScaleCluster.host(0), "/");
                  while (System.nanoTime() < end) {
                    long began = System.nanoTime();
                    client.exchange(request);
                    worst.accumulateAndGet(System.nanoTime() - began, Math::max);
                  }
                } catch (IOException e) {
                  failed.set(true);
                }
              }));
    }
    change.run();
    for (var client : clients) {
      client.join();
    }
    if (failed.get()) {
      throw new IOException("a request failed while hosts were compiled");
    }
    return worst.get() / 1e6;
  }
}
