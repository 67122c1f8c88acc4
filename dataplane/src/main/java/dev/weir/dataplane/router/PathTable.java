package dev.weir.dataplane.router;

import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.Route;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The paths of one host: nothing if one route takes all, an array in order of precedence if there
 * are few, else a hash table; behind them the regular expressions of a host that has some.
 */
abstract sealed class PathTable<T> {
  /** Up to here a scan is cheaper than hashing the path. */
  private static final int FEW = 8;

  private PathTable() {}

  /**
   * @param routes in order of precedence
   * @param compiled the same, compiled
   */
  static <T> PathTable<T> of(List<Route> routes, List<T> compiled) {
    int plain = 0;
    while (plain < routes.size() && !(routes.get(plain).match() instanceof PathMatch.Regex)) {
      plain++;
    }
    return plain == routes.size()
        ? ofPlain(routes, compiled)
        : new Regexes<>(ofPlain(routes.subList(0, plain), compiled), routes, plain, compiled);
  }

  private static <T> PathTable<T> ofPlain(List<Route> routes, List<T> compiled) {
    if (routes.size() == 1 && compiled.size() == 1 && isAll(routes.getFirst().match())) {
      return new All<>(compiled.getFirst());
    }
    return routes.size() <= FEW ? new Few<>(routes, compiled) : new Many<>(routes, compiled);
  }

  private static boolean isAll(PathMatch match) {
    return match instanceof PathMatch.Prefix && match.path().equals("/");
  }

  /** The compiled route of the first match that selects the path. */
  abstract @Nullable T find(CharSequence path);

  /** The compiled route at this place in the order of precedence. */
  abstract T at(int index);

  /** One route that has every path, as most hosts have it: nothing is compared. */
  private static final class All<T> extends PathTable<T> {
    private final T only;

    All(T only) {
      this.only = only;
    }

    @Override
    T find(CharSequence path) {
      return only;
    }

    @Override
    T at(int index) {
      Objects.checkIndex(index, 1);
      return only;
    }
  }

  /** Places in a list. */
  private abstract static sealed class Listed<T> extends PathTable<T> {
    private final List<T> compiled;

    private Listed(List<T> compiled) {
      this.compiled = List.copyOf(compiled);
    }

    @Override
    final T at(int index) {
      return compiled.get(index);
    }
  }

  private static final class Few<T> extends Listed<T> {
    private final PathMatch[] matches;

    Few(List<Route> routes, List<T> compiled) {
      super(compiled);
      matches = routes.stream().map(Route::match).toArray(PathMatch[]::new);
    }

    @Override
    @Nullable T find(CharSequence path) {
      for (int i = 0; i < matches.length; i++) {
        if (selects(matches[i], path)) {
          return at(i);
        }
      }
      return null;
    }

    /** As {@link PathMatch#matches}, without a String being made. */
    private static boolean selects(PathMatch match, CharSequence path) {
      var wanted = match.path();
      int length = wanted.length();
      if (path.length() < length || Region.compare(wanted, path, 0, length) != 0) {
        return false;
      }
      return path.length() == length
          || (match instanceof PathMatch.Prefix
              && (wanted.endsWith("/") || path.charAt(length) == '/'));
    }
  }

  /**
   * Walks a path once, from its beginning, and looks up each place where a prefix could end; the
   * last hit is the longest. Cost: the path's length, whatever the number of routes.
   */
  private static final class Many<T> extends Listed<T> {
    private final PathIndex exact;
    private final PathIndex prefixes;

    Many(List<Route> routes, List<T> compiled) {
      super(compiled);
      exact = PathIndex.of(routes, PathMatch.Exact.class);
      prefixes = PathIndex.of(routes, PathMatch.Prefix.class);
    }

    @Override
    @Nullable T find(CharSequence path) {
      int best = -1;
      int hash = 0;
      int length = path.length();
      for (int i = 0; i < length; i++) {
        char c = path.charAt(i);
        if (c == '/' && i <= prefixes.longest()) {
          best = later(best, prefixes.find(path, i, hash));
          best = later(best, prefixes.find(path, i + 1, PathIndex.hash(hash, c)));
        }
        hash = PathIndex.hash(hash, c);
      }
      best = later(best, prefixes.find(path, length, hash));
      int whole = exact.find(path, length, hash);
      int index = whole >= 0 ? whole : best;
      return index < 0 ? null : at(index);
    }

    private static int later(int best, int found) {
      return found >= 0 ? found : best;
    }
  }

  /** Plain paths first, then regular expressions. */
  private static final class Regexes<T> extends Listed<T> {
    private final PathTable<T> plain;
    private final RegexIndex regexes;

    Regexes(PathTable<T> plain, List<Route> routes, int from, List<T> compiled) {
      super(compiled);
      this.plain = plain;
      this.regexes = RegexIndex.of(routes, from);
    }

    @Override
    @Nullable T find(CharSequence path) {
      var found = plain.find(path);
      if (found != null) {
        return found;
      }
      int index = regexes.find(path.toString());
      return index < 0 ? null : at(index);
    }
  }
}
