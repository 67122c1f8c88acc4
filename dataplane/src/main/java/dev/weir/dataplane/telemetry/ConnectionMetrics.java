package dev.weir.dataplane.telemetry;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Client connections and what goes over them, named as nginx's {@code stub_status} does. Safe on
 * every thread; a connection tells its own changes.
 */
public final class ConnectionMetrics implements MetricSource {
  /** What a connection is doing. */
  public enum State {
    /** A request's head or body is being read. */
    READING("reading"),
    /** A reply is being made or sent. */
    WRITING("writing"),
    /** It is idle between requests. */
    WAITING("waiting");

    private final String label;

    State(String label) {
      this.label = label;
    }
  }

  private final Labels constant;
  private final LongAdder accepted = new LongAdder();
  private final LongAdder handled = new LongAdder();
  private final AtomicLong numbers = new AtomicLong();
  private final LongAdder active = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder readBytes = new LongAdder();
  private final LongAdder writtenBytes = new LongAdder();
  private final AtomicLong heldFirst = new AtomicLong();
  private final AtomicLong heldLater = new AtomicLong();
  private final AbuseReports abuse = new AbuseReports();
  private final TlsHandshakes handshakes = TlsHandshakes.ofClients();
  private final Map<State, LongAdder> states = new EnumMap<>(State.class);

  ConnectionMetrics(Labels constant) {
    this.constant = constant;
    for (var state : State.values()) {
      states.put(state, new LongAdder());
    }
  }

  /**
   * A connection was accepted and is served; it is waiting.
   *
   * @return a number that no other connection has
   */
  public long opened() {
    accepted.increment();
    handled.increment();
    active.increment();
    in(State.WAITING).increment();
    return numbers.incrementAndGet();
  }

  /** A connection was accepted and closed at once: a limit was reached. */
  public void refused() {
    accepted.increment();
  }

  /** A connection does something else now. */
  public void moved(State from, State to) {
    if (from != to) {
      in(from).decrement();
      in(to).increment();
    }
  }

  /**
   * A connection is gone.
   *
   * @param last what it was doing
   */
  public void closed(State last) {
    active.decrement();
    in(last).decrement();
  }

  /** A request's head came in, or what should have been one. */
  public void request() {
    requests.increment();
  }

  /** Bytes came from a client. */
  public void read(long bytes) {
    readBytes.add(bytes);
  }

  /** Bytes went to a client. */
  public void written(long bytes) {
    writtenBytes.add(bytes);
  }

  /**
   * A connection holds so many bytes for its client.
   *
   * @param later whether a reply of it was complete before
   */
  public void held(boolean later, long bytes) {
    var most = later ? heldLater : heldFirst;
    if (bytes > most.get()) {
      most.accumulateAndGet(bytes, Math::max);
    }
  }

  /** What clients do too often. */
  public AbuseReports abuse() {
    return abuse;
  }

  /** TLS handshakes with clients. */
  public TlsHandshakes handshakes() {
    return handshakes;
  }

  /** Connections that are open. */
  public long active() {
    return active.sum();
  }

  /** Requests so far. */
  public long requests() {
    return requests.sum();
  }

  private LongAdder in(State state) {
    return requireNonNull(states.get(state));
  }

  @Override
  public void collect(MetricWriter out) {
    out.family(
        Names.PROCESS + "connections", MetricType.GAUGE, "Open client connections, by state.");
    out.sample(constant.and("state", "active"), active.sum());
    for (var state : State.values()) {
      out.sample(constant.and("state", state.label), in(state).sum());
    }
    out.family(
        Names.PROCESS + "connections_total", MetricType.COUNTER, "Client connections so far.");
    out.sample(constant.and("state", "accepted"), accepted.sum());
    out.sample(constant.and("state", "handled"), handled.sum());
    out.family(
        "weir_client_connection_held_bytes_max",
        MetricType.GAUGE,
        "Most bytes that one client connection ever had this process hold, before its first reply"
            + " was complete and later.");
    out.sample(Labels.of("reply", "first"), heldFirst.get());
    out.sample(Labels.of("reply", "later"), heldLater.get());
    abuse.collect(out);
    handshakes.collect(out);
    counter(out, "requests_total", "Client requests so far.", requests);
    counter(out, "read_bytes_total", "Bytes read from clients.", readBytes);
    counter(out, "write_bytes_total", "Bytes written to clients.", writtenBytes);
  }

  private void counter(MetricWriter out, String name, String help, LongAdder value) {
    out.counter(Names.PROCESS + name, help, constant, value.sum());
  }
}
