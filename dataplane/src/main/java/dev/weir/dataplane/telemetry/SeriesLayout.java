package dev.weir.dataplane.telemetry;

import dev.weir.dataplane.telemetry.HistogramBounds.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which numbers a series of requests has and where each family finds its own among them. What one
 * request raises lies together, because with many hosts each new cache line is one that has to come
 * from memory: first the count and all sums, then the lowest bucket of all histograms of times,
 * their second one, and so on; the same for sizes. Immutable.
 */
final class SeriesLayout {
  private static final String REQUESTS = "requests";

  private final List<Family> families = new ArrayList<>();
  private final Distribution[] distributions;
  private final boolean counted;
  private final int width;

  /** A metric of requests. */
  sealed interface Family {
    void begin(MetricWriter out);

    void write(MetricWriter out, Labels labels, StripedLongs values);
  }

  private record Count() implements Family {
    @Override
    public void begin(MetricWriter out) {
      out.family(Names.CONTROLLER + REQUESTS, MetricType.COUNTER, "Client requests.");
    }

    @Override
    public void write(MetricWriter out, Labels labels, StripedLongs values) {
      out.sample(labels, values.sum(0));
    }
  }

  private record Distribution(Measure measure, HistogramBounds bounds, Place place)
      implements Family {
    @Override
    public void begin(MetricWriter out) {
      out.family(Names.CONTROLLER + measure.metric(), MetricType.HISTOGRAM, measure.help());
    }

    @Override
    public void write(MetricWriter out, Labels labels, StripedLongs values) {
      bounds.write(out, labels, values, place);
    }
  }

  SeriesLayout(TelemetrySettings.Buckets buckets, Set<String> excluded) {
    var wanted =
        List.of(Measure.values()).stream()
            .filter(measure -> !isExcluded(measure.metric(), excluded))
            .toList();
    counted = !isExcluded(REQUESTS, excluded);
    distributions = new Distribution[wanted.size()];
    // The place of the count is kept free, so that the sums stand where they always do.
    int end = 1 + wanted.size();
    for (var scale : Measure.Scale.values()) {
      var bounds = bounds(scale, buckets);
      var members = wanted.stream().filter(measure -> measure.scale() == scale).toList();
      for (int i = 0; i < members.size(); i++) {
        int index = wanted.indexOf(members.get(i));
        distributions[index] =
            new Distribution(members.get(i), bounds, new Place(1 + index, end + i, members.size()));
      }
      end += members.size() * bounds.counts();
    }
    width = end;
    if (counted) {
      families.add(new Count());
    }
    families.addAll(List.of(distributions));
  }

  private static HistogramBounds bounds(Measure.Scale scale, TelemetrySettings.Buckets buckets) {
    return switch (scale) {
      case TIME -> HistogramBounds.seconds(buckets.time());
      case LENGTH -> HistogramBounds.bytes(buckets.length());
      case SIZE -> HistogramBounds.bytes(buckets.size());
    };
  }

  private static boolean isExcluded(String name, Set<String> excluded) {
    return excluded.contains(name) || excluded.contains(Names.CONTROLLER + name);
  }

  /** The numbers of a new series. */
  StripedLongs newSeries() {
    return new StripedLongs(width);
  }

  List<Family> families() {
    return families;
  }

  void record(StripedLongs values, RequestSample sample) {
    if (counted) {
      values.add(0, 1);
    }
    for (var distribution : distributions) {
      long measured = distribution.measure.of(sample);
      if (measured >= 0) {
        distribution.bounds.record(values, distribution.place, measured);
      }
    }
  }
}
