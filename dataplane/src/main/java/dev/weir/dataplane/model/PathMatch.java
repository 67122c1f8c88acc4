package dev.weir.dataplane.model;

/**
 * How a route selects paths. Its order is the precedence: longest path first, and of two equal
 * paths the exact one first. (Exact before a longer prefix never matters: both can't match one
 * path.)
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

  /** The canonical path. */
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
    };
  }

  @Override
  default int compareTo(PathMatch that) {
    int byLength = Integer.compare(that.path().length(), path().length());
    if (byLength != 0) {
      return byLength;
    }
    int byPath = path().compareTo(that.path());
    if (byPath != 0) {
      return byPath;
    }
    return Integer.compare(this instanceof Exact ? 0 : 1, that instanceof Exact ? 0 : 1);
  }
}
