package dev.weir.dataplane.router;

import dev.weir.dataplane.http.HostText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Host names to values, immutable, in two levels of copied shards: 64 groups of 64 shards. A change
 * copies the groups' array, each touched group and each touched shard: about a kilobyte for one
 * name among 100,000, and everything else is shared with the map before.
 *
 * @param <V> what a name stands for
 */
final class HostMap<V> {
  private static final int BITS = 6;
  private static final int FANOUT = 1 << BITS;

  private final List<List<HostShard<V>>> groups;
  private final int size;

  private HostMap(List<List<HostShard<V>>> groups, int size) {
    this.groups = groups;
    this.size = size;
  }

  static <V> HostMap<V> empty() {
    var noShards = filled(HostShard.<V>empty());
    return new HostMap<>(filled(noShards), 0);
  }

  /** The value of the name that is the end of {@code text} from {@code from} on, or null. */
  @Nullable V get(String text, int from) {
    int hash = HostShard.hash(text, from);
    return groups.get(group(hash)).get(shard(hash)).get(text, from, hash);
  }

  /**
   * The value of the name that is the end of {@code host} from {@code from} on, or null.
   *
   * @param hash of that end
   */
  @Nullable V get(HostText host, int from, int hash) {
    return groups.get(group(hash)).get(shard(hash)).get(host, from, hash);
  }

  int size() {
    return size;
  }

  /** The map with these names changed; null removes. */
  HostMap<V> with(Map<String, @Nullable V> changes) {
    if (changes.isEmpty()) {
      return this;
    }
    var byGroup = new ArrayList<@Nullable List<List<HostShard.Change<V>>>>();
    for (int i = 0; i < FANOUT; i++) {
      byGroup.add(null);
    }
    changes.forEach(
        (name, value) -> {
          int hash = HostShard.hash(name, 0);
          var group = byGroup.get(group(hash));
          if (group == null) {
            group = new ArrayList<>();
            for (int i = 0; i < FANOUT; i++) {
              group.add(new ArrayList<>(0));
            }
            byGroup.set(group(hash), group);
          }
          group.get(shard(hash)).add(new HostShard.Change<>(hash, name, value));
        });
    var newGroups = new ArrayList<>(groups);
    int newSize = size;
    for (int g = 0; g < FANOUT; g++) {
      var changesOfGroup = byGroup.get(g);
      if (changesOfGroup != null) {
        var shards = new ArrayList<>(groups.get(g));
        for (int s = 0; s < FANOUT; s++) {
          var before = shards.get(s);
          var after = before.with(changesOfGroup.get(s));
          shards.set(s, after);
          newSize += after.size() - before.size();
        }
        newGroups.set(g, List.copyOf(shards));
      }
    }
    return new HostMap<>(List.copyOf(newGroups), newSize);
  }

  /** Visits every value, in no particular order. */
  void forEach(Consumer<V> visitor) {
    for (var group : groups) {
      for (var shard : group) {
        shard.forEach(visitor);
      }
    }
  }

  /** For tests: what is shared with a map before. */
  List<List<HostShard<V>>> groups() {
    return groups;
  }

  private static <E> List<E> filled(E element) {
    return List.copyOf(java.util.Collections.nCopies(FANOUT, element));
  }

  private static int group(int hash) {
    return hash >>> (Integer.SIZE - BITS);
  }

  private static int shard(int hash) {
    return (hash >>> (Integer.SIZE - 2 * BITS)) & (FANOUT - 1);
  }
}
