package dev.weir.dataplane.overload;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Divides the file descriptors that the process may have (RLIMIT_NOFILE): some are kept back for
 * what must go on (the API server's watches, the admin port, names, logs), clients get four fifths
 * of the rest, and connections to endpoints what clients leave. So accepting ends before the system
 * has none left (hardening.md F28), and a request that was accepted finds one for its endpoint.
 *
 * <p>An upstream may have as many connections as are still free: the fewer are left, the less one
 * that hangs may take. The last ones are for upstreams that have hardly any.
 *
 * <p>Safe on every thread; nothing waits.
 */
public final class Descriptors {
  /** Kept back beside those that are open for other things already. */
  private static final int RESERVE = 32;

  private static final double OF_CLIENTS = 0.8;

  /** Of so many sockets one is kept for upstreams that have no more than {@link #HARDLY_ANY}. */
  private static final int PER_LAST = 40;

  private static final int LAST = 4;
  private static final int HARDLY_ANY = 2;

  private final long limit;
  private final AtomicInteger clients = new AtomicInteger();
  private final AtomicInteger upstreams = new AtomicInteger();
  private final AtomicInteger mostClients = new AtomicInteger();

  /** Since the last look somebody heard that no other client can be taken. */
  private final AtomicBoolean turnedAway = new AtomicBoolean();

  private volatile int sockets;
  private volatile int clientSockets;

  /**
   * None in use.
   *
   * @param limit of the process; negative for none, as a system without one may say it
   * @param others descriptors that are open already
   */
  public Descriptors(long limit, long others) {
    this.limit = limit < 0 ? Integer.MAX_VALUE : limit;
    others(others);
  }

  /** As many as one likes. */
  public static Descriptors unlimited() {
    return new Descriptors(Integer.MAX_VALUE, 0);
  }

  /** So many descriptors are open for other things than traffic. */
  void others(long count) {
    long left = Math.clamp(limit - count - RESERVE, 2, Integer.MAX_VALUE);
    sockets = (int) left;
    clientSockets = (int) Math.max(1, (long) (left * OF_CLIENTS));
  }

  /** Counts a client's connection, if there may be one more. */
  public boolean tryClient() {
    int now = clients.incrementAndGet();
    if (now <= clientSockets && now + upstreams.get() <= sockets) {
      if (now > mostClients.get()) {
        mostClients.accumulateAndGet(now, Math::max);
      }
      return true;
    }
    clients.decrementAndGet();
    turnedAway.set(true);
    return false;
  }

  /** A client's connection that was counted is closed. */
  public void clientEnds() {
    clients.decrementAndGet();
  }

  /**
   * Whether no other client can be taken now. Who hears so may rest until accepting goes on, so the
   * next {@link #takeClientUse} says it, too, however few clients there are by then.
   */
  public boolean full() {
    boolean full = clients.get() >= room();
    if (full) {
      turnedAway.set(true);
    }
    return full;
  }

  /** How many clients there may be beside the connections to endpoints that there are. */
  private int room() {
    return Math.min(clientSockets, sockets - upstreams.get());
  }

  /**
   * Counts a connection to an endpoint, if there may be one more.
   *
   * @param own how many connections that upstream has, this one included
   */
  public boolean tryUpstream(int own) {
    int free = sockets - clients.get() - upstreams.getAndIncrement();
    if (free > 0 && (own <= HARDLY_ANY || own <= free - Math.max(LAST, sockets / PER_LAST))) {
      return true;
    }
    upstreams.decrementAndGet();
    return false;
  }

  /** Whether an upstream with so many connections is one for which others' idle ones give way. */
  public static boolean hardlyAny(int own) {
    return own < HARDLY_ANY;
  }

  /** A connection to an endpoint that was counted is closed. */
  public void upstreamEnds() {
    upstreams.decrementAndGet();
  }

  int clients() {
    return clients.get();
  }

  int upstreams() {
    return upstreams.get();
  }

  /** How many clients may be connected. */
  int clientLimit() {
    return clientSockets;
  }

  /**
   * The most clients since the last call, as a part of those that there may be; 1 or more if one
   * was turned away meanwhile.
   */
  double takeClientUse() {
    int now = clients.get();
    int most = Math.max(mostClients.getAndSet(now), now);
    double use = (double) most / Math.max(1, room());
    boolean none = turnedAway.getAndSet(false) || now >= room();
    return none ? Math.max(1, use) : use;
  }
}
