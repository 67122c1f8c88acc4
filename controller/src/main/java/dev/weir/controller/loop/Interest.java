package dev.weir.controller.loop;

import dev.weir.controller.resource.ObjectKey;
import java.util.HashSet;
import java.util.Set;

/**
 * Which objects a {@link ControllerListener} wants to be told of.
 *
 * @param ingresses those that are ours, one by one
 * @param objects single objects of other kinds, by name
 */
public record Interest(boolean ingresses, Set<ObjectKey> objects) {
  /** In none. */
  public static final Interest NONE = new Interest(false, Set.of());

  public Interest {
    objects = Set.copyOf(objects);
  }

  /** In whatever one of the two is interested. */
  public Interest and(Interest other) {
    var all = new HashSet<>(objects);
    all.addAll(other.objects);
    return new Interest(ingresses || other.ingresses, all);
  }
}
