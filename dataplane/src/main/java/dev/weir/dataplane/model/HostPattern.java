package dev.weir.dataplane.model;

import java.util.Locale;

/**
 * The host names that a virtual host answers to; ordered as they are matched, which is nginx's
 * order (ingress-nginx.md 4.2): exact names, wildcards of any depth, wildcards at the end,
 * one-label wildcards, regular expressions, then any. Of two wildcards of a kind the longer one
 * comes first.
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
   * One or more labels in front of {@code suffix}; only aliases are such.
   *
   * @param suffix lower-case, without leading dot
   */
  record DeepWildcard(String suffix) implements HostPattern {
    @Override
    public String text() {
      return "**." + suffix;
    }
  }

  /**
   * One or more labels behind {@code prefix}; only aliases are such.
   *
   * @param prefix lower-case, without trailing dot
   */
  record TrailingWildcard(String prefix) implements HostPattern {
    @Override
    public String text() {
      return prefix + ".*";
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

  /** Names in which an expression is found; only aliases are such. */
  record Regex(SafePattern pattern) implements HostPattern {
    @Override
    public String text() {
      return "~" + pattern.text();
    }
  }

  /** Every host that no other pattern takes. */
  record Any() implements HostPattern {
    @Override
    public String text() {
      return "*";
    }
  }

  /**
   * As printed: {@code shop.example.com}, {@code *.example.com}, {@code *}; what {@link #of} reads,
   * except for {@link Any}.
   */
  String text();

  /**
   * The pattern of an Ingress rule's host, or of an alias.
   *
   * @param host a valid host; {@code *.name}; for aliases {@code **.name}, {@code name.*} or {@code
   *     ~expression}; empty for {@link Any}. An expression that is none matches nothing
   */
  static HostPattern of(String host) {
    if (host.isEmpty()) {
      return new Any();
    }
    if (host.startsWith("~")) {
      try {
        return new Regex(SafePattern.of(host.substring(1), true));
      } catch (PatternException e) {
        return new Exact(host); // which no request's host equals
      }
    }
    var lower = host.toLowerCase(Locale.ROOT);
    if (lower.startsWith("**.")) {
      return new DeepWildcard(lower.substring(3));
    }
    if (lower.endsWith(".*")) {
      return new TrailingWildcard(lower.substring(0, lower.length() - 2));
    }
    return lower.startsWith("*.") ? new Wildcard(lower.substring(2)) : new Exact(lower);
  }

  @Override
  default int compareTo(HostPattern that) {
    int byRank = Integer.compare(rank(this), rank(that));
    if (byRank != 0) {
      return byRank;
    }
    boolean byLength = this instanceof DeepWildcard || this instanceof TrailingWildcard;
    int order = byLength ? Integer.compare(that.text().length(), text().length()) : 0;
    return order != 0 ? order : text().compareTo(that.text());
  }

  private static int rank(HostPattern pattern) {
    return switch (pattern) {
      case Exact e -> 0;
      case DeepWildcard d -> 1;
      case TrailingWildcard t -> 2;
      case Wildcard w -> 3;
      case Regex r -> 4;
      case Any a -> 5;
    };
  }
}
