package dev.weir.e2e.bench;

import static dev.weir.e2e.bench.Contender.FLOOR;
import static dev.weir.e2e.bench.Contender.HAPROXY;
import static dev.weir.e2e.bench.Contender.NGHTTPX;
import static dev.weir.e2e.bench.Contender.NGINX;
import static dev.weir.e2e.bench.Contender.WEIR;
import static dev.weir.e2e.bench.Contender.WEIR_AGAIN;
import static dev.weir.e2e.bench.Contender.WEIR_IO_URING;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tables of a comparison. */
final class CompareReport {
  private static final List<Contender> MEASURED =
      List.of(WEIR, WEIR_IO_URING, NGINX, HAPROXY, NGHTTPX, FLOOR);
  private static final String NONE = "";

  private final Report report;
  private final List<Comparison> rows;

  CompareReport(Report report, List<Comparison> rows) {
    this.report = report;
    this.rows = rows;
  }

  void write() {
    costs();
    ratios();
    latencies();
    others();
  }

  private void costs() {
    report.line("### CPU of the proxy, user and system, us per request, median of rounds");
    var columns = titles("row");
    columns.add("A/A ratio");
    columns.add("disturbed slices");
    report.table(columns.toArray(String[]::new));
    for (var row : rows) {
      var cells = new ArrayList<>(List.of(row.scenario().name()));
      MEASURED.forEach(contender -> cells.add(cost(row, contender)));
      cells.add(ratio(row, WEIR, WEIR_AGAIN));
      cells.add(Integer.toString(row.disturbed()));
      report.cells(cells.toArray(String[]::new));
    }
    report.endTable();
  }

  private void ratios() {
    report.line(
        "### Ratios of CPU per request\n\nMedian of the rounds' ratios and its 95 % interval"
            + " (bootstrap). A difference below twice the A/A spread is none.");
    report.table(
        "row",
        "epoll / nginx",
        "io_uring / nginx",
        "epoll / HAProxy",
        "io_uring / HAProxy",
        "epoll / nghttpx",
        "epoll / floor",
        "A/A");
    for (var row : rows) {
      report.cells(
          row.scenario().name(),
          ratio(row, WEIR, NGINX),
          ratio(row, WEIR_IO_URING, NGINX),
          ratio(row, WEIR, HAPROXY),
          ratio(row, WEIR_IO_URING, HAPROXY),
          ratio(row, WEIR, NGHTTPX),
          ratio(row, WEIR, FLOOR),
          ratio(row, WEIR, WEIR_AGAIN));
    }
    report.endTable();
  }

  private void latencies() {
    report.line(
        "### Latency, ms: p50 / p99 / p99.9\n\nAt a fixed rate, 60 % of what the slowest reached;"
            + " each request's time counts from when it was due.");
    var columns = titles("row");
    columns.add(1, "requests/s");
    columns.add("A/A");
    columns.add("p99 epoll / nginx");
    columns.add("p99 epoll / HAProxy");
    report.table(columns.toArray(String[]::new));
    for (var row : rows.stream().filter(row -> row.scenario().paced()).toList()) {
      var cells = new ArrayList<>(List.of(row.scenario().name(), text("%,.0f", row.pacedRate())));
      MEASURED.forEach(
          contender ->
              cells.add(
                  row.scenario().takes(contender) ? percentiles(row.millis(contender)) : NONE));
      cells.add(percentiles(row.millis(WEIR_AGAIN)));
      cells.add(text("%.2f", p99(row, WEIR) / p99(row, NGINX)));
      cells.add(text("%.2f", p99(row, WEIR) / p99(row, HAPROXY)));
      report.cells(cells.toArray(String[]::new));
    }
    report.endTable();
  }

  private void others() {
    report.line(
        "### Heap of the program, bytes per request; requests per second, all connections busy");
    report.table(
        "row",
        "heap, epoll",
        "heap, io_uring",
        "Weir epoll, req/s",
        "Weir io_uring, req/s",
        "nginx, req/s",
        "HAProxy, req/s",
        "nghttpx, req/s",
        "floor, req/s");
    for (var row : rows) {
      var cells =
          new ArrayList<>(
              List.of(
                  row.scenario().name(),
                  text("%,.0f", row.heapBytes(WEIR)),
                  text("%,.0f", row.heapBytes(WEIR_IO_URING))));
      MEASURED.forEach(
          contender ->
              cells.add(
                  row.scenario().takes(contender)
                      ? text("%,.0f", row.rate(contender).median())
                      : NONE));
      report.cells(cells.toArray(String[]::new));
    }
    report.endTable();
  }

  private static List<String> titles(String first) {
    var titles = new ArrayList<>(List.of(first));
    MEASURED.forEach(contender -> titles.add(contender.title()));
    return titles;
  }

  /** A ratio of costs as {@code 0.95 [0.93, 0.97]}. */
  static String ratio(Comparison row, Contender one, Contender other) {
    if (!row.scenario().takes(other)) {
      return NONE;
    }
    var ratios = row.ratios(one, other);
    var interval = ratios.medianInterval();
    return text("%.3f", ratios.median())
        + text(" [%.3f, ", interval.low())
        + text("%.3f]", interval.high());
  }

  private static String cost(Comparison row, Contender contender) {
    return row.scenario().takes(contender) ? text("%.1f", row.cost(contender).median()) : NONE;
  }

  private static String percentiles(Samples millis) {
    return text("%.2f", millis.median())
        + text(" / %.2f", millis.percentile(0.99))
        + text(" / %.2f", millis.percentile(0.999));
  }

  private static double p99(Comparison row, Contender contender) {
    return row.millis(contender).percentile(0.99);
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
