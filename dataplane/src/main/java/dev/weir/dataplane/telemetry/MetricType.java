package dev.weir.dataplane.telemetry;

/** The types of Prometheus' text format that are used. */
public enum MetricType {
  COUNTER("counter"),
  GAUGE("gauge"),
  HISTOGRAM("histogram");

  private final String text;

  MetricType(String text) {
    this.text = text;
  }

  /** As after {@code # TYPE name}. */
  String text() {
    return text;
  }
}
