package dev.weir.dataplane.upstream;

import dev.weir.dataplane.model.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among the endpoints of an upstream. Immutable: a change of endpoints makes a new one,
 * while the position of the round robin stays with the upstream. Read by all event loops.
 */
final class EndpointPicker {
  static final EndpointPicker EMPTY = new EndpointPicker(List.of());

  private final LiveEndpoint[] ready;
  private final LiveEndpoint[] draining;

  EndpointPicker(List<LiveEndpoint> endpoints) {
    ready = endpoints.stream().filter(e -> !e.endpoint().draining()).toArray(LiveEndpoint[]::new);
    draining = endpoints.stream().filter(e -> e.endpoint().draining()).toArray(LiveEndpoint[]::new);
  }

  boolean isEmpty() {
    return ready.length == 0 && draining.length == 0;
  }

  /**
   * Chooses: ready ones before draining ones, those not tried before tried ones, those that can be
   * connected to and answer before those that could or did not lately; if all are such, all.
   *
   * @param turn the position of the round robin, growing by one a request
   * @param now {@link System#nanoTime}
   * @return null only if there is no endpoint at all
   */
  @Nullable LiveEndpoint pick(long turn, Set<Endpoint> tried, long now) {
    var tier = ready.length > 0 ? ready : draining;
    if (tier.length == 0) {
      return null;
    }
    var next = tier[(int) (turn % tier.length)];
    if (next.health().healthy() && (tried.isEmpty() || !tried.contains(next.endpoint()))) {
      return next;
    }
    var choice = pickUntried(ready, turn, tried, now);
    if (choice == null) {
      choice = pickUntried(draining, turn, tried, now);
    }
    return choice == null ? next : choice;
  }

  /** Whether a failed try could go on elsewhere. */
  boolean hasOther(Endpoint chosen, Set<Endpoint> tried) {
    return hasOther(ready, chosen, tried) || hasOther(draining, chosen, tried);
  }

  private static boolean hasOther(LiveEndpoint[] tier, Endpoint chosen, Set<Endpoint> tried) {
    for (var other : tier) {
      var endpoint = other.endpoint();
      if (!endpoint.equals(chosen) && !tried.contains(endpoint)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The turn among those left. The first pass over the turn is spent on the whole tier, so its
   * quotient is what is spread evenly over the rest.
   */
  private static @Nullable LiveEndpoint pickUntried(
      LiveEndpoint[] tier, long turn, Set<Endpoint> tried, long now) {
    if (tier.length == 0) {
      return null;
    }
    var first = tier[(int) (turn % tier.length)];
    if (!tried.contains(first.endpoint()) && first.health().admits(now)) {
      return first;
    }
    var healthy = new ArrayList<LiveEndpoint>(tier.length);
    var untried = new ArrayList<LiveEndpoint>(tier.length);
    for (var one : tier) {
      if (!tried.contains(one.endpoint())) {
        untried.add(one);
        if (one.health().healthy()) {
          healthy.add(one);
        }
      }
    }
    var left = healthy.isEmpty() ? untried : healthy;
    return left.isEmpty() ? null : left.get((int) (turn / tier.length % left.size()));
  }
}
