package dev.weir.dataplane.router;

import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.Route;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds a path among many by the beginning of another one, whose hash is known. Sorted by hash and
 * searched by halves, so that paths chosen to collide cost a logarithm and not a scan.
 */
final class PathIndex {
  private final int[] hashes;
  private final String[] paths;
  private final int[] indexes;
  private final int longest;

  private record Entry(int hash, String path, int index) {}

  private PathIndex(List<Entry> entries) {
    entries.sort(
        (a, b) -> a.hash != b.hash ? Integer.compare(a.hash, b.hash) : a.path.compareTo(b.path));
    int size = entries.size();
    hashes = new int[size];
    paths = new String[size];
    indexes = new int[size];
    int max = 0;
    for (int i = 0; i < size; i++) {
      var entry = entries.get(i);
      hashes[i] = entry.hash;
      paths[i] = entry.path;
      indexes[i] = entry.index;
      max = Math.max(max, entry.path.length());
    }
    longest = max;
  }

  /** The routes of one kind of match, by their place in the list. */
  static PathIndex of(List<Route> routes, Class<? extends PathMatch> kind) {
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < routes.size(); i++) {
      var match = routes.get(i).match();
      if (kind.isInstance(match)) {
        entries.add(new Entry(hash(match.path()), match.path(), i));
      }
    }
    return new PathIndex(entries);
  }

  /** Paths by their place in the list. */
  static PathIndex of(List<String> paths) {
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < paths.size(); i++) {
      entries.add(new Entry(hash(paths.get(i)), paths.get(i), i));
    }
    return new PathIndex(entries);
  }

  private static int hash(String path) {
    int hash = 0;
    for (int i = 0; i < path.length(); i++) {
      hash = hash(hash, path.charAt(i));
    }
    return hash;
  }

  /** The hash of a text from that of all but its last character. */
  static int hash(int hash, char last) {
    return hash * 31 + last;
  }

  /** Length of the longest path. */
  int longest() {
    return longest;
  }

  /**
   * The place of the route whose path is the first {@code length} characters of this one, or -1.
   */
  int find(CharSequence path, int length, int hash) {
    int low = 0;
    int high = hashes.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Integer.compare(hashes[middle], hash);
      if (order == 0) {
        order = Region.compare(paths[middle], path, 0, length);
      }
      if (order == 0) {
        return indexes[middle];
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
