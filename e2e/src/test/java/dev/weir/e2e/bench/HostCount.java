package dev.weir.e2e.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Whether requests over many hosts cost more than over few. Slices in turn, few, many, few, so that
 * drift meets all alike; the two of few hosts show how far equal things lie apart.
 *
 * @param ratio cost over many hosts by cost over few, one for each round
 * @param same costs over few hosts by each other, one for each round
 */
record HostCount(Samples ratio, Samples same) {
  static final String ROW = "10,000 hosts against 10 hosts";
  private static final List<Contender> MEASURED =
      List.of(Contender.WEIR, Contender.WEIR_IO_URING, Contender.NGINX, Contender.HAPROXY);

  private static HostCount measure(Field field, Contender contender, int rounds, int seconds)
      throws IOException, InterruptedException {
    var few = Scenario.of(Scenario.Kind.FEW_HOSTS);
    var many = Scenario.of(Scenario.Kind.MANY_HOSTS);
    var measured = new HostCount(new Samples(), new Samples());
    var running = field.running(contender);
    for (int round = 0; round < rounds; round++) {
      double before = cost(few, field, running, seconds);
      double middle = cost(many, field, running, seconds);
      double after = cost(few, field, running, seconds);
      measured.ratio.add(middle / ((before + after) / 2));
      measured.same.add(before / after);
    }
    return measured;
  }

  private static double cost(Scenario scenario, Field field, Field.Running running, int seconds)
      throws IOException, InterruptedException {
    double before = running.process().cpuSeconds();
    long requests = scenario.load(field, running, seconds);
    return (running.process().cpuSeconds() - before) * 1e6 / requests;
  }

  /** Measures and writes a table. */
  static void report(Report report, Field field, int rounds, int seconds)
      throws IOException, InterruptedException {
    report.line(
        "### "
            + ROW
            + ": ratio of CPU per request\n\nAll lead to one Service. Median of the rounds' ratios"
            + " and its 95 % interval (bootstrap).");
    report.table("proxy", "10,000 / 10", "A/A: 10 / 10");
    for (var contender : MEASURED) {
      var measured = measure(field, contender, rounds, seconds);
      report.cells(contender.title(), text(measured.ratio), text(measured.same));
    }
    report.endTable();
  }

  private static String text(Samples ratios) {
    var interval = ratios.medianInterval();
    return String.format(
        Locale.ROOT, "%.3f [%.3f, %.3f]", ratios.median(), interval.low(), interval.high());
  }
}
