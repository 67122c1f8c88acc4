package dev.weir.dataplane.model;

/**
 * The host names that a virtual host answers to; ordered as they are matched: exact names, then
 * wildcards, then any.
 */
public sealed interface HostPattern extends Comparable<HostPattern> {
  /** One name, lower-case, without trailing dot. */
  record Exact(String name) implements HostPattern {
    @Override
    public String text() {
      return name;
    }
  }

  /**
   * {@code *.suffix}: exactly one label of {@code [A-Za-z0-9_-]+} in front of {@code suffix}.
   *
   * @param suffix lower-case, without leading dot
   */
  record Wildcard(String suffix) implements HostPattern {
    @Override
    public String text() {
      return "*." + suffix;
    }
  }

  /** Every host that no other pattern takes. */
  record Any() implements HostPattern {
    @Override
    public String text() {
      return "*";
    }
  }

  /** As printed: {@code shop.example.com}, {@code *.example.com}, {@code *}. */
  String text();

  /**
   * The pattern of an Ingress rule's host.
   *
   * @param host a valid host, {@code *.name}, or empty for {@link Any}
   */
  static HostPattern of(String host) {
    if (host.isEmpty()) {
      return new Any();
    }
    var lower = host.toLowerCase(java.util.Locale.ROOT);
    return lower.startsWith("*.") ? new Wildcard(lower.substring(2)) : new Exact(lower);
  }

  @Override
  default int compareTo(HostPattern that) {
    int byRank = Integer.compare(rank(this), rank(that));
    return byRank != 0 ? byRank : text().compareTo(that.text());
  }

  private static int rank(HostPattern pattern) {
    return switch (pattern) {
      case Exact e -> 0;
      case Wildcard w -> 1;
      case Any a -> 2;
    };
  }
}
