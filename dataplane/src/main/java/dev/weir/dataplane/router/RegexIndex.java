package dev.weir.dataplane.router;

import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.SafePattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Finds the first of many expressions that matches a path. Only those are tried whose literal
 * beginning the path has: the path is walked once, its beginnings are looked up among the literal
 * ones, and what that leaves is tried in order of precedence. Immutable.
 */
final class RegexIndex {
  private static final int[] NONE = {};

  private final SafePattern[] patterns;
  private final boolean[] whole;
  private final PathIndex prefixes;
  private final int[][] buckets;
  private final int[] everywhere;
  private final int from;

  private RegexIndex(
      SafePattern[] patterns,
      boolean[] whole,
      PathIndex prefixes,
      int[][] buckets,
      int[] everywhere,
      int from) {
    this.patterns = patterns;
    this.whole = whole;
    this.prefixes = prefixes;
    this.buckets = buckets;
    this.everywhere = everywhere;
    this.from = from;
  }

  /**
   * @param routes in order of precedence
   * @param from where the expressions begin, of which the rest consists
   */
  static RegexIndex of(List<Route> routes, int from) {
    int size = routes.size() - from;
    var patterns = new SafePattern[size];
    var whole = new boolean[size];
    var byPrefix = new TreeMap<String, List<Integer>>();
    for (int i = 0; i < size; i++) {
      if (!(routes.get(from + i).match() instanceof PathMatch.Regex(var pattern))) {
        throw new IllegalArgumentException("routes are not in order of precedence");
      }
      patterns[i] = pattern;
      var prefix = RegexPrefix.of(pattern);
      whole[i] = prefix.whole();
      byPrefix.computeIfAbsent(prefix.text(), p -> new ArrayList<>()).add(i);
    }
    var everywhere = byPrefix.remove("");
    var buckets = byPrefix.values().stream().map(RegexIndex::array).toArray(int[][]::new);
    return new RegexIndex(
        patterns,
        whole,
        PathIndex.of(List.copyOf(byPrefix.keySet())),
        buckets,
        everywhere == null ? NONE : array(everywhere),
        from);
  }

  private static int[] array(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The place of the first route that matches, or -1. */
  int find(String path) {
    var candidates = everywhere;
    int hash = 0;
    int last = Math.min(path.length(), prefixes.longest());
    var folded = folded(path, last);
    for (int i = 0; i < last; i++) {
      hash = PathIndex.hash(hash, folded.charAt(i));
      int bucket = prefixes.find(folded, i + 1, hash);
      if (bucket >= 0) {
        candidates = merged(candidates, buckets[bucket]);
      }
    }
    for (int candidate : candidates) {
      if (whole[candidate] || patterns[candidate].matchStart(path) != null) {
        return from + candidate;
      }
    }
    return -1;
  }

  /** The path's beginning; the path itself, and no copy, if it is in lower case. */
  private static String folded(String path, int length) {
    for (int i = 0; i < length; i++) {
      if (RegexPrefix.fold(path.charAt(i)) != path.charAt(i)) {
        var text = new StringBuilder(length).append(path, 0, i);
        for (int rest = i; rest < length; rest++) {
          text.append(RegexPrefix.fold(path.charAt(rest)));
        }
        return text.toString();
      }
    }
    return path;
  }

  private static int[] merged(int[] a, int[] b) {
    if (a.length == 0) {
      return b;
    }
    var both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    Arrays.sort(both);
    return both;
  }
}
