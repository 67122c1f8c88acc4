package dev.weir.dataplane.upstream;

import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.telemetry.EndpointCounters.Sum;
import dev.weir.dataplane.telemetry.Labels;
import dev.weir.dataplane.telemetry.MetricSource;
import dev.weir.dataplane.telemetry.MetricType;
import dev.weir.dataplane.telemetry.MetricWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;

/**
 * What upstreams and their endpoints do, as metrics; of those that were ever connected to. Origins,
 * whose names may come from clients, have no series. Any thread.
 */
final class UpstreamMetrics implements MetricSource {
  private final Map<UpstreamId, LiveUpstream> upstreams;

  /** One or more series: those of an upstream, or of one of its endpoints. */
  private record Row(Labels labels, Sum sum) {}

  private record Upstream(Row row, ServiceLoad load, List<Row> endpoints) {}

  UpstreamMetrics(Map<UpstreamId, LiveUpstream> upstreams) {
    this.upstreams = upstreams;
  }

  @Override
  public void collect(MetricWriter out) {
    var used = used();
    loads(
        out,
        used,
        "weir_upstream_requests_in_flight",
        "Requests under way, by port of a Service; upgraded connections don't count.",
        ServiceLoad::requests);
    loads(
        out,
        used,
        "weir_upstream_requests_waiting",
        "Those of them that wait for a connection.",
        ServiceLoad::pending);
    rows(out, "weir_upstream_", used.stream().map(Upstream::row).toList());
    var endpoints = used.stream().flatMap(upstream -> upstream.endpoints.stream()).toList();
    out.family(
        "weir_endpoint_requests_in_flight",
        MetricType.GAUGE,
        "Requests that have a connection to an endpoint; upgraded ones too.");
    each(out, endpoints, (labels, sum) -> out.sample(labels, sum.inFlight()));
    rows(out, "weir_endpoint_", endpoints);
  }

  private List<Upstream> used() {
    var used = new ArrayList<Upstream>();
    upstreams.forEach(
        (id, live) -> {
          if (!id.namespace().isEmpty()) {
            var labels = labels(id);
            var all = live.counted();
            if (all.isUsed()) {
              var endpoints = new ArrayList<Row>();
              live.countedByEndpoint()
                  .forEach((text, sum) -> endpoints.add(endpoint(labels, text, sum)));
              used.add(new Upstream(new Row(labels, all), live.load(), endpoints));
            }
          }
        });
    return used;
  }

  private static Row endpoint(Labels upstream, String text, Sum sum) {
    return new Row(Labels.of("address", text).and(upstream), sum);
  }

  /**
   * Not {@code service} and {@code endpoint}: those are labels of the target where the Prometheus
   * Operator has it scraped, and would rename ours.
   */
  private static Labels labels(UpstreamId id) {
    var behind =
        switch (id.reach()) {
          case ENDPOINTS -> "endpoints";
          case SERVICE -> "service";
        };
    return Labels.of("namespace", id.namespace())
        .and("port", id.port())
        .and("reach", behind)
        .and("upstream", id.service());
  }

  private static void loads(
      MetricWriter out,
      List<Upstream> upstreams,
      String name,
      String help,
      ToLongFunction<ServiceLoad> value) {
    out.family(name, MetricType.GAUGE, help);
    for (var upstream : upstreams) {
      out.sample(upstream.row.labels, value.applyAsLong(upstream.load)).relieve();
    }
  }

  private static void rows(MetricWriter out, String prefix, List<Row> rows) {
    out.family(
        prefix + "connections",
        MetricType.GAUGE,
        "Open connections: with a request, or kept for the next one.");
    each(
        out,
        rows,
        (labels, sum) -> {
          out.sample(labels.and("state", "busy"), sum.inFlight());
          out.sample(labels.and("state", "idle"), sum.idle());
        });
    out.family(
        prefix + "connects_total",
        MetricType.COUNTER,
        "Connections that were made, and failed tries: a TLS handshake that fails is one too.");
    each(
        out,
        rows,
        (labels, sum) -> {
          out.sample(labels.and("result", "connected"), sum.connects());
          out.sample(labels.and("result", "failed"), sum.refusals());
        });
    out.family(
        prefix + "unanswered_requests_total",
        MetricType.COUNTER,
        "Requests that were sent and got no reply, repeated ones too.");
    each(out, rows, (labels, sum) -> out.sample(labels, sum.unanswered()));
    out.family(
        prefix + "response_seconds",
        MetricType.HISTOGRAM,
        "Time from having a connection for a request to the head of its reply.");
    each(out, rows, (labels, sum) -> sum.times().write(out, labels));
  }

  private static void each(MetricWriter out, List<Row> rows, BiConsumer<Labels, Sum> write) {
    for (var row : rows) {
      write.accept(row.labels, row.sum);
      out.relieve();
    }
  }
}
