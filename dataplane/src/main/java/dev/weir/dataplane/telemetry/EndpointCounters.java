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
  private static final int TRIED = CONNECTED + 4;
  private static final int GIVEN_UP = CONNECTED + 5;
  private static final int UNSECURED = CONNECTED + 6;
  private static final int WIDTH = CONNECTED + 7;

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

  /**
   * A connect begins; {@link #connected}, {@link #refused} or {@link #givenUp} says how it ended.
   */
  public void connects() {
    values.add(TRIED, 1);
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

  /** A connect ended that nobody waits for, or that we could not so much as begin. */
  public void givenUp() {
    values.add(GIVEN_UP, 1);
  }

  /** A connection stands that TLS could not be agreed on with. */
  public void unsecured() {
    values.add(UNSECURED, 1);
  }

  /**
   * Whether nothing is under way and no connection stands: then nothing will change by itself. Ends
   * are read before beginnings, so that one of each in between doesn't look like none under way.
   */
  public boolean isQuiet() {
    long ended = values.sum(ENDED);
    long disconnected = values.sum(DISCONNECTED);
    long connected = values.sum(CONNECTED);
    long tried = connected + values.sum(REFUSED) + values.sum(GIVEN_UP);
    return connected == disconnected && tried == values.sum(TRIED) && ended == values.sum(BEGUN);
  }

  /** The counters of several endpoints together. Owned by who made it. */
  public static final class Sum {
    private final Latencies.Total times = new Latencies.Total();
    private long inFlight;
    private long connections;
    private long tries;
    private long connects;
    private long refusals;
    private long unanswered;

    /** Adds an endpoint's. */
    public void add(EndpointCounters counters) {
      var values = counters.values;
      inFlight += values.sum(BEGUN) - values.sum(ENDED);
      connections += values.sum(CONNECTED) - values.sum(DISCONNECTED);
      addPast(counters);
    }

    /**
     * Adds what there was of a quiet endpoint, and nothing that stands: who begins something just
     * now would stand there for good.
     */
    public void addPast(EndpointCounters counters) {
      var values = counters.values;
      tries += values.sum(TRIED);
      connects += values.sum(CONNECTED);
      refusals += values.sum(REFUSED) + values.sum(UNSECURED);
      unanswered += values.sum(UNANSWERED);
      times.add(values, TIMES);
    }

    /** Adds another one. */
    public void add(Sum other) {
      inFlight += other.inFlight;
      connections += other.connections;
      tries += other.tries;
      connects += other.connects;
      refusals += other.refusals;
      unanswered += other.unanswered;
      times.add(other.times);
    }

    /** Whether anybody ever tried to connect. */
    public boolean isUsed() {
      return tries > 0;
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

    /** Connections that could not be made, or not with TLS. */
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
