package dev.weir.dataplane.router;

import static java.util.Objects.requireNonNull;

import dev.weir.dataplane.http.HostText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Some names of a {@link HostMap}, sorted by hash and name, searched by halves: names chosen to
 * collide cost a logarithm and not a scan.
 */
final class HostShard<V> {
  private static final HostShard<Object> EMPTY = new HostShard<>(new int[0], new Object[0]);

  private final int[] hashes;

  /**
   * Name and value of each, one behind the other: among very many hosts each object on the way
   * costs a cache line that isn't there.
   */
  private final Object[] entries;

  /** A name put, or removed if its value is null. */
  record Change<V>(int hash, String name, @Nullable V value) {}

  private HostShard(int[] hashes, Object[] entries) {
    this.hashes = hashes;
    this.entries = entries;
  }

  private String name(int place) {
    return (String) entries[2 * place];
  }

  @SuppressWarnings("unchecked") // Put there by of.
  private V value(int place) {
    return (V) entries[2 * place + 1];
  }

  @SuppressWarnings("unchecked") // It holds no value of any type.
  static <V> HostShard<V> empty() {
    return (HostShard<V>) EMPTY;
  }

  /** The hash of the end of {@code text}; its upper bits choose the shard. */
  static int hash(String text, int from) {
    return HostText.hash(text, from);
  }

  @Nullable V get(String text, int from, int hash) {
    int place = place(text, from, hash);
    return place < 0 ? null : value(place);
  }

  @Nullable V get(HostText host, int from, int hash) {
    int low = 0;
    int high = hashes.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Integer.compare(hashes[middle], hash);
      if (order == 0) {
        order = host.compareFrom(name(middle), from);
      }
      if (order == 0) {
        return value(middle);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  int size() {
    return hashes.length;
  }

  void forEach(Consumer<V> visitor) {
    for (int i = 0; i < hashes.length; i++) {
      visitor.accept(value(i));
    }
  }

  /** The shard with these names changed; this one if there are none. */
  HostShard<V> with(Collection<Change<V>> changes) {
    if (changes.isEmpty()) {
      return this;
    }
    var kept = new ArrayList<Change<V>>(hashes.length + changes.size());
    var gone = new boolean[hashes.length];
    for (var change : changes) {
      int place = place(change.name, 0, change.hash);
      if (place >= 0) {
        gone[place] = true;
      }
      if (change.value != null) {
        kept.add(change);
      }
    }
    for (int i = 0; i < hashes.length; i++) {
      if (!gone[i]) {
        kept.add(new Change<>(hashes[i], name(i), value(i)));
      }
    }
    kept.sort(
        (a, b) -> a.hash != b.hash ? Integer.compare(a.hash, b.hash) : a.name.compareTo(b.name));
    return of(kept);
  }

  private static <V> HostShard<V> of(List<Change<V>> sorted) {
    if (sorted.isEmpty()) {
      return empty();
    }
    var hashes = new int[sorted.size()];
    var entries = new Object[2 * hashes.length];
    for (int i = 0; i < hashes.length; i++) {
      var entry = sorted.get(i);
      hashes[i] = entry.hash;
      entries[2 * i] = entry.name;
      entries[2 * i + 1] = requireNonNull(entry.value);
    }
    return new HostShard<>(hashes, entries);
  }

  private int place(String text, int from, int hash) {
    int low = 0;
    int high = hashes.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Integer.compare(hashes[middle], hash);
      if (order == 0) {
        order = Region.compare(name(middle), text, from, text.length());
      }
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }
}
