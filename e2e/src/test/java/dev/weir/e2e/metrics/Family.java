package dev.weir.e2e.metrics;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricDataParser;
import org.hawkular.agent.prometheus.types.Histogram;
import org.hawkular.agent.prometheus.types.Metric;
import org.hawkular.agent.prometheus.types.MetricFamily;

/**
 * A metric as a parser of Prometheus' text format understood it.
 *
 * @param type in lower case
 * @param series all of it
 */
record Family(String name, String type, List<Metric> series) {
  /** All of a page, in its order; fails if the parser left a sample out. */
  static List<Family> read(String page) throws IOException {
    var parser =
        new TextPrometheusMetricDataParser(
            new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
    var families = new ArrayList<Family>();
    for (var next = parser.parse(); next != null; next = parser.parse()) {
      families.add(of(next));
    }
    long samples = families.stream().mapToLong(Family::samples).sum();
    long lines = page.lines().filter(line -> !line.startsWith("#")).count();
    if (samples != lines) {
      throw new AssertionError(lines + " lines were read as " + samples + " samples:\n" + page);
    }
    return families;
  }

  private static Family of(MetricFamily family) {
    return new Family(
        family.getName(),
        family.getType().name().toLowerCase(Locale.ROOT),
        List.copyOf(family.getMetrics()));
  }

  private long samples() {
    return series.stream()
        .mapToLong(one -> one instanceof Histogram h ? h.getBuckets().size() + 2L : 1)
        .sum();
  }

  /**
   * {@code name type label label le bound bound}: what those who query it rely on. Fails where
   * series differ in it.
   */
  String shape() {
    var shapes = series.stream().map(Family::shape).collect(Collectors.toCollection(TreeSet::new));
    if (shapes.size() != 1) {
      throw new AssertionError("series of " + name + " differ: " + shapes);
    }
    return (name + " " + type + shapes.getFirst()).strip();
  }

  private static String shape(Metric metric) {
    var shape = new StringBuilder();
    Set<String> labels = new TreeSet<>(metric.getLabels().keySet());
    labels.forEach(label -> shape.append(' ').append(label));
    if (metric instanceof Histogram histogram) {
      shape.append(" le");
      for (var bucket : histogram.getBuckets()) {
        double bound = bucket.getUpperBound();
        if (bound != Double.POSITIVE_INFINITY) {
          var plain = BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
          shape.append(' ').append(plain);
        }
      }
    }
    return shape.toString();
  }
}
