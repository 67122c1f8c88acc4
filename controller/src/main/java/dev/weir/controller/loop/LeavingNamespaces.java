package dev.weir.controller.loop;

import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.Dependency;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.NamespaceResource;
import dev.weir.controller.resource.ObjectKey;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps a namespace that is gone known as one that goes, until its Ingresses are gone too. Both
 * come by watches of their own, and in between its Ingresses would not give way any more.
 *
 * <p>Owned by the controller thread.
 */
final class LeavingNamespaces {
  private final ClusterState state;
  private final Set<ObjectKey> kept = new HashSet<>();

  LeavingNamespaces(ClusterState state) {
    this.state = state;
  }

  /** Whether an object whose end was told stays for now. */
  boolean keeps(ObjectKey key) {
    if (!isLeaving(key) || !occupied().contains(key.name())) {
      return false;
    }
    kept.add(key);
    return true;
  }

  private boolean isLeaving(ObjectKey key) {
    return state.get(key) instanceof NamespaceResource namespace && namespace.meta().deleting();
  }

  private Set<String> occupied() {
    return state.keys(Kind.INGRESS).stream()
        .map(ObjectKey::namespace)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Lets those go whose Ingresses are gone; answers what changed. */
  Set<Dependency> letGo() {
    if (kept.isEmpty()) {
      return Set.of();
    }
    var occupied = occupied();
    var changes = new HashSet<Dependency>();
    for (var key : Set.copyOf(kept)) {
      if (!isLeaving(key)) {
        kept.remove(key); // it was made again
      } else if (!occupied.contains(key.name())) {
        kept.remove(key);
        changes.addAll(state.remove(key));
      }
    }
    return changes;
  }
}
