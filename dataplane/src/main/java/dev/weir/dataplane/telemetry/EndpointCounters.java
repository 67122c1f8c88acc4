package dev.weir.dataplane.telemetry;

/**
 * What is counted of one endpoint of one upstream; it stands where the endpoint stands, so that
 * nobody has to look for it. Safe on every thread; allocates nothing to count.
 */
public final class EndpointCounters {
  private static final int BEGUN = 0;
  private static final int ENDED = 1;
  private static final int SUM = 2;
  private static final int BUCKETS = 3;
  private static final int CONNECTED = BUCKETS + Latencies.BOUNDS.counts();
  private static final int DISCONNECTED = CONNECTED + 1;
  private static final int REFUSED = CONNECTED + 2;
  private static final int UNANSWERED = CONNECTED + 3;
  private static final int WIDTH = CONNECTED + 4;

  /** What every request raises comes first, and close together. */
  private static final HistogramBounds.Place TIMES = new HistogramBounds.Place(SUM, BUCKETS, 1);

  private final StripedLongs values = new StripedLongs(WIDTH);

  /** A request has one of its connections. */
  public void requestBegins() {
    values.add(BEGUN, 1);
  }

  /** And has it no more. */
  public void requestEnds() {
    values.add(ENDED, 1);
  }

  /** The head of a reply came, so many nanoseconds after the request was sent. */
  public void answered(long nanos) {
    Latencies.BOUNDS.record(values, TIMES, nanos);
  }

  /** A request was sent, and no head of a reply came. */
  public void unanswered() {
    values.add(UNANSWERED, 1);
  }

  /** A connection stands. */
  public void connected() {
    values.add(CONNECTED, 1);
  }

  /** A connection stands no more. */
  public void disconnected() {
    values.add(DISCONNECTED, 1);
  }

  /** A connection could not be made. */
  public void refused() {
    values.add(REFUSED, 1);
  }

  /** Whether nothing is under way and no connection stands: then nothing will change by itself. */
  public boolean isQuiet() {
    return values.sum(BEGUN) == values.sum(ENDED)
        && values.sum(CONNECTED) == values.sum(DISCONNECTED);
  }

  /** The counters of several endpoints together. Owned by who made it. */
  public static final class Sum {
    private final Latencies.Total times = new Latencies.Total();
    private long inFlight;
    private long connections;
    private long connects;
    private long refusals;
    private long unanswered;

    /** Adds an endpoint's. */
    public void add(EndpointCounters counters) {
      var values = counters.values;
      inFlight += values.sum(BEGUN) - values.sum(ENDED);
      connections += values.sum(CONNECTED) - values.sum(DISCONNECTED);
      connects += values.sum(CONNECTED);
      refusals += values.sum(REFUSED);
      unanswered += values.sum(UNANSWERED);
      times.add(values, TIMES);
    }

    /** Adds another one. */
    public void add(Sum other) {
      inFlight += other.inFlight;
      connections += other.connections;
      connects += other.connects;
      refusals += other.refusals;
      unanswered += other.unanswered;
      times.add(other.times);
    }

    /** Whether anybody ever tried to connect. */
    public boolean isUsed() {
      return connects + refusals > 0;
    }

    /** Requests that have a connection; upgraded ones too. */
    public long inFlight() {
      return Math.max(0, inFlight);
    }

    /** Connections that wait for a request. */
    public long idle() {
      return Math.max(0, connections - inFlight);
    }

    /** Connections made so far. */
    public long connects() {
      return connects;
    }

    /** Connections that could not be made. */
    public long refusals() {
      return refusals;
    }

    /** Requests that were sent and got no reply. */
    public long unanswered() {
      return unanswered;
    }

    /** From sending a request to the head of its reply. */
    public Latencies.Total times() {
      return times;
    }
  }
}
