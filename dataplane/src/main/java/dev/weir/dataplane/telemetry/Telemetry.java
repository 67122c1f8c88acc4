package dev.weir.dataplane.telemetry;

import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.VirtualHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of telemetry: what happens is told here, and {@link #writeTo} says all of it in
 * Prometheus' text format 0.0.4. Names and labels of {@code nginx_ingress_controller_*} are those
 * of ingress-nginx, which dashboards and autoscalers know; our own metrics begin with {@code
 * weir_}.
 *
 * <p>Safe on every thread.
 */
public final class Telemetry {
  /** The media type of {@link #writeTo}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);

  private final ConnectionMetrics connections;
  private final RequestMetrics requests;
  private final ConfigMetrics config;
  private final RetryMetrics retries = new RetryMetrics();
  private final boolean detailed;
  private final List<MetricSource> sources;

  /**
   * @param clock tells when a configuration was applied
   */
  public Telemetry(TelemetrySettings settings, InstantSource clock) {
    var constant = settings.identity().labels();
    connections = new ConnectionMetrics(constant);
    requests = new RequestMetrics(settings);
    detailed = settings.requests();
    config = new ConfigMetrics(constant, clock);
    sources =
        new CopyOnWriteArrayList<>(
            List.of(config, connections, new ProcessMetrics(constant), retries, requests));
  }

  /** Client connections. */
  public ConnectionMetrics connections() {
    return connections;
  }

  /** Applied tables. */
  public ConfigMetrics config() {
    return config;
  }

  /** Counts a request that is tried again. */
  public void recordRetry(RetryReason reason) {
    retries.record(reason);
  }

  /**
   * What counts the requests of a route on a host; the same for the same names, as long as a table
   * has such a route. To be asked for when a route is compiled, not for each request.
   *
   * @param hostPattern as text; empty for the host that takes all others
   */
  public RouteCounters route(RouteOrigin origin, String hostPattern) {
    return requests.route(origin, hostPattern);
  }

  /** Counts a request that is over; does nothing unless request metrics are enabled. */
  public void recordRequest(RequestSample sample) {
    requests.record(sample);
  }

  /**
   * Tells what a change of the table replaced and by what. Series of routes that are gone
   * disappear, and don't come back with requests that were still in flight. To be called by one
   * thread at a time, before requests see the new table and after its routes were compiled.
   *
   * @param replaced the hosts as they were before, changed and removed ones
   * @param serving the same as they are now, and new ones
   */
  public void tableChanged(Collection<VirtualHost> replaced, Collection<VirtualHost> serving) {
    config.tableChanged(replaced, serving);
    requests.tableChanged(replaced, serving);
  }

  /**
   * Whether there are series of routes, upstreams and endpoints ({@code --enable-metrics}): their
   * number grows with the cluster.
   */
  public boolean detailed() {
    return detailed;
  }

  /** Lets somebody else's numbers be scraped too: findings, certificates, leadership. */
  public void register(MetricSource source) {
    sources.add(source);
  }

  /**
   * Writes all metrics. A source that throws is left out, with a warning.
   *
   * @throws IOException what {@code out} throws
   */
  public void writeTo(Appendable out) throws IOException {
    var writer = new MetricWriter(out);
    for (var source : sources) {
      write(source, writer);
    }
  }

  private static void write(MetricSource source, MetricWriter writer) throws IOException {
    try {
      source.collect(writer);
    } catch (MetricWriter.Undelivered e) {
      throw e.getCause();
    } catch (RuntimeException e) {
      writer.discard();
      LOG.warn("Metrics of {} are missing from /metrics: it failed to list them.", source, e);
    }
    writer.flush();
  }

  /** All metrics as one text. */
  public String text() {
    var text = new StringBuilder();
    try {
      writeTo(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
