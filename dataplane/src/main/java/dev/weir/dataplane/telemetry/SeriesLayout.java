package dev.weir.dataplane.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Which numbers a series of requests has and where each family finds its own among them. Immutable.
 */
final class SeriesLayout {
  private final List<Family> families = new ArrayList<>();
  private int width;

  /** A metric of requests. */
  sealed interface Family {
    void begin(MetricWriter out);

    void record(StripedLongs values, RequestSample sample);

    void write(MetricWriter out, Labels labels, StripedLongs values);
  }

  private record Count(int offset) implements Family {
    @Override
    public void begin(MetricWriter out) {
      out.family(Names.CONTROLLER + "requests", MetricType.COUNTER, "Client requests.");
    }

    @Override
    public void record(StripedLongs values, RequestSample sample) {
      values.add(offset, 1);
    }

    @Override
    public void write(MetricWriter out, Labels labels, StripedLongs values) {
      out.sample(labels, values.sum(offset));
    }
  }

  private record Distribution(
      String name,
      String help,
      HistogramBounds bounds,
      ToLongFunction<RequestSample> value,
      int offset)
      implements Family {
    @Override
    public void begin(MetricWriter out) {
      out.family(Names.CONTROLLER + name, MetricType.HISTOGRAM, help);
    }

    @Override
    public void record(StripedLongs values, RequestSample sample) {
      long measured = value.applyAsLong(sample);
      if (measured >= 0) {
        bounds.record(values, offset, measured);
      }
    }

    @Override
    public void write(MetricWriter out, Labels labels, StripedLongs values) {
      bounds.write(out, labels, values, offset);
    }
  }

  SeriesLayout(TelemetrySettings.Buckets buckets, Set<String> excluded) {
    if (!isExcluded("requests", excluded)) {
      families.add(new Count(width++));
    }
    var time = HistogramBounds.seconds(buckets.time());
    var length = HistogramBounds.bytes(buckets.length());
    var size = HistogramBounds.bytes(buckets.size());
    var distributions =
        List.of(
            new Distribution(
                "request_duration_seconds",
                "Time from the first byte of a request to the last byte of its reply.",
                time,
                RequestSample::requestNanos,
                0),
            new Distribution(
                "response_duration_seconds",
                "Time until the whole reply came from the upstream.",
                time,
                RequestSample::responseNanos,
                0),
            new Distribution(
                "header_duration_seconds",
                "Time until the head of the reply came from the upstream.",
                time,
                RequestSample::headerNanos,
                0),
            new Distribution(
                "connect_duration_seconds",
                "Time spent connecting to the upstream.",
                time,
                RequestSample::connectNanos,
                0),
            new Distribution(
                "request_size",
                "Bytes of a request, head included.",
                length,
                RequestSample::requestBytes,
                0),
            new Distribution(
                "response_size",
                "Bytes of a reply, head included.",
                length,
                RequestSample::replyBytes,
                0),
            new Distribution(
                "bytes_sent",
                "Bytes of a reply, head included; response_size has taken its place.",
                size,
                RequestSample::replyBytes,
                0));
    for (var each : distributions) {
      if (!isExcluded(each.name, excluded)) {
        families.add(new Distribution(each.name, each.help, each.bounds, each.value, width));
        width += each.bounds.width();
      }
    }
  }

  private static boolean isExcluded(String name, Set<String> excluded) {
    return excluded.contains(name) || excluded.contains(Names.CONTROLLER + name);
  }

  /** How many numbers a series has. */
  int width() {
    return width;
  }

  List<Family> families() {
    return families;
  }

  void record(StripedLongs values, RequestSample sample) {
    for (int i = 0; i < families.size(); i++) {
      families.get(i).record(values, sample);
    }
  }
}
