package dev.weir.e2e.bench;

import dev.weir.e2e.harness.ManifestFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What features of a route cost each request: CPU and heap. Started by {@code e2e/bench/filters};
 * its own client and the backend share CPU 1.
 */
public final class FilterBenchmark {
  private FilterBenchmark() {}

  /**
   * Measures and writes the report.
   *
   * @param args the program's folder, the folder of the report, then options as the script lists
   *     them
   */
  public static void main(String[] args) throws Exception {
    var options =
        new TreeMap<>(Map.of("seconds-per-slice", "1", "rounds", "15", "output", "RESULTS.md"));
    for (var option : List.of(args).subList(2, args.length)) {
      var parts = option.split("=", 2);
      if (parts.length != 2
          || options.replace(parts[0].replaceFirst("^--", ""), parts[1]) == null) {
        System.err.println(
            option + ": unknown option (known, each with =VALUE: " + options.keySet());
        System.exit(2);
      }
    }
    int seconds = Integer.parseInt(options.getOrDefault("seconds-per-slice", ""));
    int rounds = Integer.parseInt(options.getOrDefault("rounds", ""));
    var report = measure(Path.of(args[0]), rounds, seconds);
    report.writeTo(Path.of(args[1]).resolve(options.getOrDefault("output", "")));
    System.exit(0);
  }

  private static Report measure(Path home, int rounds, int seconds)
      throws IOException, InterruptedException {
    var log = Files.createTempDirectory("weir-filters").resolve("weir.log");
    try (var backend = new EchoBackend("127.0.0.1");
        var manifests = ManifestFolder.withClass()) {
      FilterRoutes.write(manifests, backend.port());
      var arguments = Proxy.arguments(manifests.path(), "epoll");
      var command = Proxy.command(home, List.of("-Xlog:gc+heap=debug"), arguments);
      try (var proxy = Proxy.start(command, log)) {
        proxy.awaitReady();
        check(proxy);
        var cost = new FilterCost(proxy, seconds);
        cost.warmUp();
        cost.run(rounds);
        return report(cost, rounds, seconds);
      }
    }
  }

  /** Every route lets the request through, and the features are really there. */
  private static void check(Proxy proxy) throws IOException {
    try (var client = new KeepAliveClient(proxy.httpPort())) {
      for (int count : FilterRoutes.COUNTS) {
        expect(200, client.exchange(FilterRoutes.request(count, true)), count);
      }
      int most = FilterRoutes.COUNTS.getLast();
      expect(401, client.exchange(FilterRoutes.request(most, false)), most);
    }
  }

  private static void expect(int wanted, int status, int features) throws IOException {
    if (status != wanted) {
      throw new IOException(
          "the route with " + features + " features answers " + status + " instead of " + wanted);
    }
  }

  private static Report report(FilterCost cost, int rounds, int seconds)
      throws IOException, InterruptedException {
    var report = new Report("filters");
    var version = Report.output("wrk", "-v");
    var client =
        version.substring(0, (version + "\n").indexOf('\n')).replaceFirst(" Copyright.*", "");
    report.line(conditions(client.strip()));
    report.line(
        rounds
            + " rounds of slices of "
            + seconds
            + " s; medians of the rounds and of their ratios, with 95 % intervals (bootstrap). "
            + cost.disturbed()
            + " disturbed slices kept.");
    report.table(
        "route",
        "features added",
        "CPU, us per request",
        "ratio",
        "us more",
        "heap, bytes per request");
    for (var row : cost.rows()) {
      report.cells(
          row.name(),
          row.name().startsWith("A/A") ? "" : FilterRoutes.added(row.features()),
          text("%.1f", row.micros().median()),
          interval("%.3f", cost.ratios(row)),
          interval("%.2f", cost.excess(row)),
          text("%,.0f", row.heapBytes().median()));
    }
    report.endTable();
    return report;
  }

  private static String conditions(String client) {
    return """
    - one Weir with its `jvm.options`, epoll, one event loop, metrics on, access log off, alone on CPU 0; client (%s) and
      backend (an event loop that answers 35 bytes from memory) on CPU 1, over loopback
    - one Ingress and host for each route, all before one Service; each request carries the same
      fields (`%s`) and is let through by every route: features that refuse are cheaper
    - each request comes from one address; basic auth finds its password verified before
    - slices in turn, their order drawn anew each round; A/A is the route without features measured a
      second time in each round
    - disturbed slices: others used over 5 %% of CPU 0, or the host took over 1 %%; repeated at first,
      then kept and counted\
    """
        .formatted(client, String.join("`, `", FilterRoutes.FIELDS));
  }

  private static String interval(String format, Samples samples) {
    var range = samples.medianInterval();
    return text(format, samples.median())
        + " ["
        + text(format, range.low())
        + ", "
        + text(format, range.high())
        + "]";
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
