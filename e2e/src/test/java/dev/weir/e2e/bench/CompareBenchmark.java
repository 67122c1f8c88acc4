package dev.weir.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a request costs in the program, in nginx, in HAProxy and for HTTP/2 in nghttpx, all
 * configured alike and measured in one run. Started by {@code e2e/bench/compare}; its own clients
 * and the backend share CPU 1.
 */
public final class CompareBenchmark {
  /** Of each row before any is measured, so that no row has a specially trained program. */
  private static final int WARM_UP_SECONDS = 3;

  private static final int FIRST_WARM_UP_SECONDS = 10;

  private static final String CONDITIONS =
      """

      - configuration: `nginx.conf`, `haproxy.cfg`, `nghttpx.conf`, `openssl.cnf` beside this file; Weir with its `jvm.options`,
        one event loop, metrics on, manifests from a folder; all add the same headers, none logs;
        each knows the same 10,000 hosts and finds a request's backend by its host
      - each proxy alone on CPU 0; client and backend (an event loop that answers from memory) on
        CPU 1, over loopback; only ratios carry over to other machines
      - slices in turn, their order drawn anew each round; A/A is the same process measured twice a
        round; the floor is a relay of bytes that parses nothing, on Weir's network library and with
        its JVM options
      - TLS 1.3 with TLS_AES_128_GCM_SHA256 and X25519; the floor ends TLS, too; a handshake row's
        request has a connection of its own, and every handshake was checked to be full or resumed
      - nginx and Weir are told to keep 64 idle connections to the backend: nginx closes what is more
        at once, Weir what wasn't used for a second; the others decide themselves
      - HTTP/2 over TLS: 8 connections with 32 requests in flight on each, endpoints speak HTTP/1.1;
        nghttpx knows one host only and adds X-Forwarded-For and -Proto alone
      - disturbed slices: others used over 5 % of CPU 0, or the host took over 1 %; repeated at
        first, then kept and counted\
      """;

  private final Path home;
  private final Path bench;
  private final Map<String, String> options;

  private CompareBenchmark(Path home, Path bench, Map<String, String> options) {
    this.home = home;
    this.bench = bench;
    this.options = options;
  }

  /**
   * Measures and writes the report.
   *
   * @param args the program's folder, the folder of the peers' configurations, then options as the
   *     script lists them
   */
  public static void main(String[] args) throws Exception {
    var options =
        new TreeMap<>(
            Map.of("seconds-per-slice", "1", "rounds", "5", "rows", "", "output", "RESULTS.md"));
    for (var option : List.of(args).subList(2, args.length)) {
      var parts = option.split("=", 2);
      if (parts.length != 2
          || options.replace(parts[0].replaceFirst("^--", ""), parts[1]) == null) {
        System.err.println(
            option + ": unknown option (known, each with =VALUE: " + options.keySet());
        System.exit(2);
      }
    }
    new CompareBenchmark(Path.of(args[0]), Path.of(args[1]), options).run();
    System.exit(0);
  }

  private void run() throws IOException, InterruptedException {
    int seconds = number("seconds-per-slice");
    int rounds = number("rounds");
    var report = new Report("compare");
    report.line(
        "- peers: "
            + firstLine("nginx", "-v")
            + "; "
            + firstLine("haproxy", "-v")
            + "; "
            + firstLine("nghttpx", "--version")
            + "; client: "
            + firstLine("wrk", "-v")
            + CONDITIONS);
    report.line(rounds + " rounds of slices of " + seconds + " s.");
    try (var field = new Field(home, bench, Files.createTempDirectory("weir-compare"))) {
      new CompareReport(report, traffic(field, rounds, seconds)).write();
      if (wanted(HostCount.ROW)) {
        HostCount.report(report, field, rounds, seconds);
      }
      if (wanted(IdleConnections.ROW)) {
        IdleConnections.report(report, field);
      }
    }
    report.writeTo(bench.resolve(option("output")));
  }

  private boolean wanted(String row) {
    return row.contains(option("rows"));
  }

  private List<Comparison> traffic(Field field, int rounds, int seconds)
      throws IOException, InterruptedException {
    var scenarios = Scenario.ALL.stream().filter(row -> wanted(row.name())).toList();
    warmUp(field, scenarios, seconds);
    var rows = new ArrayList<Comparison>();
    for (var scenario : scenarios) {
      var row = new Comparison(scenario, field, seconds);
      try {
        row.run(rounds);
        rows.add(row);
        System.err.println(
            scenario.name()
                + ": epoll / nginx "
                + CompareReport.ratio(row, Contender.WEIR, Contender.NGINX));
      } catch (IOException e) {
        System.err.println(
            "row \"" + scenario.name() + "\" is left out: " + e + ": " + rootOf(e).getMessage());
      }
    }
    return rows;
  }

  private static Throwable rootOf(Throwable failure) {
    var root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static void warmUp(Field field, List<Scenario> scenarios, int seconds)
      throws IOException, InterruptedException {
    for (var contender : List.of(Contender.WEIR, Contender.WEIR_IO_URING, Contender.FLOOR)) {
      var running = field.running(contender);
      if (!scenarios.isEmpty() && scenarios.getFirst().takes(contender)) {
        scenarios.getFirst().load(field, running, Math.min(FIRST_WARM_UP_SECONDS, 10 * seconds));
      }
      for (var scenario : scenarios) {
        if (scenario.takes(contender)) {
          scenario.load(field, running, Math.min(WARM_UP_SECONDS, 3 * seconds));
        }
      }
    }
  }

  private static String firstLine(String... command) throws IOException, InterruptedException {
    var text = Report.output(command);
    return text.substring(0, (text + "\n").indexOf('\n')).replaceFirst(" Copyright.*", "");
  }

  private String option(String name) {
    return options.getOrDefault(name, "");
  }

  private int number(String name) {
    return Integer.parseInt(option(name));
  }
}
