package dev.weir.dataplane.upstream;

import dev.weir.dataplane.overload.Descriptors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one upstream takes of the proxy now, and whether it may take more. Shared by all event
 * loops; every {@code try…} that says yes is followed by one {@code …Ends}.
 */
final class ServiceLoad {
  private final ServiceLimits limits;
  private final Descriptors descriptors;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * Nothing yet.
   *
   * @param descriptors what all upstreams share
   */
  ServiceLoad(ServiceLimits limits, Descriptors descriptors) {
    this.limits = limits;
    this.descriptors = descriptors;
  }

  /** Requests in flight. */
  int requests() {
    return requests.get();
  }

  /** Requests that wait for a connection. */
  int pending() {
    return pending.get();
  }

  boolean tryRequest() {
    return take(requests, limits.requests());
  }

  void requestEnds() {
    requests.decrementAndGet();
  }

  boolean tryPending() {
    return take(pending, limits.pending());
  }

  void pendingEnds() {
    pending.decrementAndGet();
  }

  boolean tryConnection() {
    if (!take(connections, limits.connections())) {
      return false;
    }
    if (descriptors.tryUpstream(connections.get())) {
      return true;
    }
    connections.decrementAndGet();
    return false;
  }

  /** Whether idle connections of other upstreams give way for one of this one's. */
  boolean comesFirst() {
    return Descriptors.hardlyAny(connections.get());
  }

  void connectionEnds() {
    descriptors.upstreamEnds();
    connections.decrementAndGet();
  }

  private static boolean take(AtomicInteger count, int limit) {
    if (count.incrementAndGet() <= limit) {
      return true;
    }
    count.decrementAndGet();
    return false;
  }

  /** For the log: how full it is. */
  String text() {
    return requests
        + "/"
        + limits.requests()
        + " requests, "
        + pending
        + "/"
        + limits.pending()
        + " pending, "
        + connections
        + "/"
        + limits.connections()
        + " connections";
  }

  /** Whether nothing is under way; connections may be idle. */
  boolean idle() {
    return requests.get() == 0 && pending.get() == 0;
  }
}
