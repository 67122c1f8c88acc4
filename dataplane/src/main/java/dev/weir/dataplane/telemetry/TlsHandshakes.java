package dev.weir.dataplane.telemetry;

import java.util.concurrent.atomic.LongAdder;

/** TLS handshakes with one kind of peer. Safe on every thread. */
public final class TlsHandshakes implements MetricSource {
  private final String prefix;
  private final String peer;
  private final LongAdder full = new LongAdder();
  private final LongAdder resumed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder open = new LongAdder();
  private final Latencies times = new Latencies();

  private TlsHandshakes(String prefix, String peer) {
    this.prefix = prefix;
    this.peer = peer;
  }

  /** Those with clients. */
  public static TlsHandshakes ofClients() {
    return new TlsHandshakes("weir_client_tls_", "clients");
  }

  /** Those with endpoints. */
  public static TlsHandshakes ofUpstreams() {
    return new TlsHandshakes("weir_upstream_tls_", "endpoints");
  }

  /** One begins: until its connection closes there is memory for TLS. */
  public void begun() {
    open.increment();
  }

  /** The connection of one is closed. */
  public void closed() {
    open.decrement();
  }

  /** Connections that have memory for TLS. */
  public long open() {
    return open.sum();
  }

  /**
   * One succeeded.
   *
   * @param again whether it went on with what an earlier one had agreed on
   * @param nanos that it took
   */
  public void done(boolean again, long nanos) {
    (again ? resumed : full).increment();
    times.record(nanos);
  }

  /** One didn't, be it that the peer left meanwhile. */
  public void failed() {
    failed.increment();
  }

  @Override
  public void collect(MetricWriter out) {
    out.family(
        prefix + "handshakes_total",
        MetricType.COUNTER,
        "TLS handshakes with " + peer + ", by how they went.");
    out.sample(Labels.of("result", "full"), full.sum());
    out.sample(Labels.of("result", "resumed"), resumed.sum());
    out.sample(Labels.of("result", "failed"), failed.sum());
    out.family(
        prefix + "handshake_duration_seconds",
        MetricType.HISTOGRAM,
        "How long TLS handshakes with " + peer + " took.");
    times.write(out, Labels.NONE);
  }
}
