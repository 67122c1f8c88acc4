package dev.weir.dataplane.model;

/**
 * How a route selects paths. Its order is the precedence: longest path first, and of two equal
 * paths the exact one first. (Exact before a longer prefix never matters: both can't match one
 * path.) Regular expressions come after all others, the longest text first, those of one length in
 * reverse order of their texts, and the first that matches wins (ingress-nginx.md 4.4).
 *
 * <p>Paths are canonical: percent-decoded once, dot segments resolved, runs of slashes merged,
 * beginning with a slash.
 */
public sealed interface PathMatch extends Comparable<PathMatch> {
  /** This path and no other. */
  record Exact(String path) implements PathMatch {}

  /**
   * By path element: {@code /foo} matches {@code /foo} and {@code /foo/bar}, not {@code /foobar};
   * {@code /foo/} matches {@code /foo/} and {@code /foo/bar}, not {@code /foo}; {@code /} matches
   * everything.
   */
  record Prefix(String path) implements PathMatch {}

  /**
   * Whatever the expression matches at the beginning of the path, whichever way the path goes on.
   */
  record Regex(SafePattern pattern) implements PathMatch {
    @Override
    public String path() {
      return pattern.text();
    }
  }

  /** The canonical path, or the expression. */
  String path();

  /**
   * Whether {@code canonicalPath} is selected. The slow reference that the router is tested with.
   */
  default boolean matches(String canonicalPath) {
    return switch (this) {
      case Exact e -> canonicalPath.equals(e.path);
      case Prefix p ->
          canonicalPath.startsWith(p.path)
              && (p.path.endsWith("/")
                  || canonicalPath.length() == p.path.length()
                  || canonicalPath.charAt(p.path.length()) == '/');
      case Regex r -> r.pattern.matchStart(canonicalPath) != null;
    };
  }

  @Override
  default int compareTo(PathMatch that) {
    boolean regex = this instanceof Regex;
    if (regex != that instanceof Regex) {
      return regex ? 1 : -1;
    }
    int byLength = Integer.compare(that.path().length(), path().length());
    if (byLength != 0) {
      return byLength;
    }
    int byPath = path().compareTo(that.path());
    if (byPath != 0 || regex) {
      return regex ? -byPath : byPath;
    }
    return Integer.compare(this instanceof Exact ? 0 : 1, that instanceof Exact ? 0 : 1);
  }
}
