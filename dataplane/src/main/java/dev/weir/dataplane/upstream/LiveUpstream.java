package dev.weir.dataplane.upstream;

import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.ProxySettings.Keepalive;
import dev.weir.dataplane.model.Upstream;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.telemetry.EndpointCounters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An upstream alive under its stable id: what outlives a change of its endpoints.
 *
 * <p>{@link #replace} is called by the controller thread or by the DNS loop and locks; picking
 * reads one volatile reference and counts one shared counter, so that the round robin is exact over
 * all loops. It begins at random, so that of many replicas of the proxy not all begin with the
 * first endpoint.
 */
final class LiveUpstream {
  private static final Logger LOG = LoggerFactory.getLogger(LiveUpstream.class);

  private final UpstreamId id;
  private final ServiceLoad load;
  private final @Nullable Keepalive keepalive;
  private final @Nullable UpstreamTls tls;
  private final AtomicLong turn =
      new AtomicLong(ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
  private volatile CompletableFuture<Void> known = new CompletableFuture<>();
  private volatile EndpointPicker picker = EndpointPicker.EMPTY;

  /** Guarded by this. */
  private Map<LiveEndpoint.Key, LiveEndpoint> endpoints = Map.of();

  /** Guarded by this: of endpoints that left and won't change any more. */
  private final EndpointCounters.Sum past = new EndpointCounters.Sum();

  /** Guarded by this: of endpoints that left while something was under way. */
  private final List<EndpointCounters> leaving = new ArrayList<>();

  /** Guarded by this: set while the endpoints are the addresses of a name. */
  private @Nullable DnsWatch watch;

  LiveUpstream(UpstreamId id, ServiceLoad load) {
    this(id, load, null, null);
  }

  /**
   * One that is spoken to otherwise than all others.
   *
   * @param keepalive how idle connections are kept; null for as all others
   * @param tls for requests that ask for none themselves; null for plain connections
   */
  LiveUpstream(
      UpstreamId id, ServiceLoad load, @Nullable Keepalive keepalive, @Nullable UpstreamTls tls) {
    this.tls = tls;
    this.id = id;
    this.load = load;
    this.keepalive = keepalive;
  }

  /** What requests get that ask for none themselves; null for plain connections. */
  @Nullable UpstreamTls tls() {
    return tls;
  }

  ServiceLoad load() {
    return load;
  }

  UpstreamId id() {
    return id;
  }

  /** Done as soon as the endpoints are known: at once, or with the first answer of DNS. */
  CompletableFuture<Void> known() {
    return known;
  }

  EndpointPicker picker() {
    return picker;
  }

  /** Takes the next turn. */
  @Nullable LiveEndpoint pick(Set<Endpoint> tried) {
    return pick(tried, System.nanoTime());
  }

  /** Takes the next turn. */
  @Nullable LiveEndpoint pick(Set<Endpoint> tried, long now) {
    while (true) {
      var current = picker;
      var choice = current.pick(turn.getAndIncrement(), tried, now);
      // A retired endpoint means that the picker was replaced just now.
      if (choice == null || !choice.retired() || current == picker) {
        return choice;
      }
    }
  }

  /** Fixed endpoints from now on. */
  synchronized void replace(List<Endpoint> now, Consumer<LiveEndpoint> retired) {
    follow(null);
    put(now, retired);
  }

  /**
   * The addresses of a name; nothing happens if {@code by} isn't this upstream's watch any more.
   */
  synchronized void replace(DnsWatch by, List<Endpoint> now, Consumer<LiveEndpoint> retired) {
    if (watch == by) {
      put(now, retired);
    }
  }

  /** Endpoints follow a name from now on; until its first answer there is none. */
  synchronized void watch(DnsWatch next, Consumer<LiveEndpoint> retired) {
    follow(next);
    known = new CompletableFuture<>();
    swap(new LinkedHashMap<>(), retired);
  }

  /** Whether it already follows that name. */
  synchronized boolean watches(Upstream.Target.DnsName name) {
    var current = watch;
    return current != null && current.name().equals(name);
  }

  /** It was removed: no endpoints any more, and nobody waits for them. */
  synchronized void end(Consumer<LiveEndpoint> retired) {
    replace(List.of(), retired);
  }

  /** What was counted of all its endpoints, of those that left too. */
  synchronized EndpointCounters.Sum counted() {
    settle();
    var all = new EndpointCounters.Sum();
    all.add(past);
    leaving.forEach(all::add);
    endpoints.values().forEach(live -> all.add(live.counters()));
    return all;
  }

  /** What was counted of the endpoints that it has and that were ever used, by address and port. */
  synchronized SortedMap<String, EndpointCounters.Sum> countedByEndpoint() {
    var sums = new TreeMap<String, EndpointCounters.Sum>();
    for (var live : endpoints.values()) {
      // Two pods may seem to have one address for a while.
      sums.computeIfAbsent(live.text(), text -> new EndpointCounters.Sum()).add(live.counters());
    }
    sums.values().removeIf(sum -> !sum.isUsed());
    return sums;
  }

  private void settle() {
    leaving.removeIf(
        counters -> {
          boolean quiet = counters.isQuiet();
          if (quiet) {
            past.addPast(counters);
          }
          return quiet;
        });
  }

  private void follow(@Nullable DnsWatch next) {
    var before = watch;
    if (before != null) {
      before.stop();
    }
    watch = next;
  }

  private void put(List<Endpoint> now, Consumer<LiveEndpoint> retired) {
    var next = new LinkedHashMap<LiveEndpoint.Key, LiveEndpoint>();
    for (var endpoint : now) {
      var key = LiveEndpoint.Key.of(endpoint);
      var live = endpoints.get(key);
      if (live == null) {
        live = LiveEndpoint.of(endpoint, keepalive);
      }
      if (live == null) {
        LOG.warn(
            "Upstream {}: endpoint {} left out (expected: IP literal and port)",
            id,
            endpoint.text());
      } else {
        live.update(endpoint);
        next.putIfAbsent(key, live);
      }
    }
    swap(next, retired);
    known.complete(null);
  }

  private void swap(Map<LiveEndpoint.Key, LiveEndpoint> next, Consumer<LiveEndpoint> retired) {
    var gone = new ArrayList<LiveEndpoint>();
    endpoints.forEach(
        (key, live) -> {
          if (!next.containsKey(key)) {
            gone.add(live);
          }
        });
    endpoints = next;
    picker = new EndpointPicker(List.copyOf(next.values()));
    // Those that leave just now wait for the next time: who has picked one may still connect to it.
    settle();
    gone.forEach(live -> leaving.add(live.counters()));
    // After the swap, so that whoever meets a retired one finds a newer picker.
    for (var live : gone) {
      live.retire();
      retired.accept(live);
    }
  }
}
