package dev.weir.dataplane.upstream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The idle connections of one loop to one endpoint, oldest first: the plain ones, and apart from
 * them and from each other those of each {@link UpstreamTls}. Owned by the loop.
 */
final class IdleConnections {
  /** How long a connection may be idle that is one more than should be kept. */
  private static final long SPARE_NANOS = 1_000_000_000L;

  private final ArrayDeque<Http1Connection> plain = new ArrayDeque<>();

  /** Most endpoints speak one thing only. */
  private Map<UpstreamTls, ArrayDeque<Http1Connection>> secured = Map.of();

  /** Those that may carry a request of that TLS, null for none; null if there never were any. */
  @Nullable ArrayDeque<Http1Connection> find(@Nullable UpstreamTls tls) {
    return tls == null ? plain : secured.get(tls);
  }

  /** As {@link #find}, made if need be. */
  ArrayDeque<Http1Connection> of(@Nullable UpstreamTls tls) {
    if (tls == null) {
      return plain;
    }
    if (secured.isEmpty()) {
      secured = new HashMap<>(4);
    }
    return secured.computeIfAbsent(tls, t -> new ArrayDeque<>());
  }

  private List<ArrayDeque<Http1Connection>> all() {
    if (secured.isEmpty()) {
      return List.of(plain);
    }
    var all = new ArrayList<>(secured.values());
    all.add(plain);
    return all;
  }

  /**
   * Closes what was idle for too long, and of what is more than {@code most} what wasn't used for a
   * second; true if nothing is left.
   *
   * @param unneeded closes them
   */
  boolean closeUnneeded(long now, int most, UnneededConnections unneeded) {
    boolean empty = true;
    for (var connections : all()) {
      for (var oldest = connections.peekFirst(); oldest != null; oldest = connections.peekFirst()) {
        boolean spare = connections.size() > most && oldest.idleFor(now) >= SPARE_NANOS;
        if (!spare && !oldest.expired(now)) {
          break;
        }
        unneeded.add(connections.removeFirst());
      }
      empty &= connections.isEmpty();
    }
    if (!secured.isEmpty()) {
      secured.values().removeIf(ArrayDeque::isEmpty);
    }
    return empty;
  }

  /** Closes one that counts for that load, null for any; false if there is none. */
  boolean closeOne(@Nullable ServiceLoad load) {
    for (var connections : all()) {
      var oldest = connections.peekFirst();
      if (oldest != null && (load == null || oldest.load() == load)) {
        connections.removeFirst().close();
        return true;
      }
    }
    return false;
  }

  /** Closes those of a TLS that is not used any more. */
  void retire(UpstreamTls tls, UnneededConnections unneeded) {
    var connections = secured.isEmpty() ? null : secured.remove(tls);
    if (connections != null) {
      connections.forEach(unneeded::add);
    }
  }

  /** Hands each to {@code action}, which may close it. */
  void forEach(Consumer<Http1Connection> action) {
    for (var connections : all()) {
      List.copyOf(connections).forEach(action);
    }
  }

  int size() {
    int size = 0;
    for (var connections : all()) {
      size += connections.size();
    }
    return size;
  }
}
