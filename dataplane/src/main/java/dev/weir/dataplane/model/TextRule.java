package dev.weir.dataplane.model;

import java.util.Map;

/**
 * Which text is replaced by what, as nginx's {@code proxy_redirect}, {@code proxy_cookie_path} and
 * {@code proxy_cookie_domain} have it. Read once.
 */
public record TextRule(From from, Replacement to) {
  /** What a text must be like. */
  public sealed interface From {
    /** As written. */
    String text();
  }

  /** Begins like this; only the beginning is replaced. */
  public record Beginning(Template prefix) implements From {
    @Override
    public String text() {
      return prefix.text();
    }
  }

  /** Is this domain, in any case and with or without a dot before it. */
  public record Domain(Template name) implements From {
    @Override
    public String text() {
      return name.text();
    }
  }

  /** Has a place that matches; all of the text is replaced, and may have groups of the match. */
  public record Expression(SafePattern pattern) implements From {
    @Override
    public String text() {
      return (pattern.ignoreCase() ? "~*" : "~") + pattern.text();
    }
  }

  /**
   * A rule for texts that begin with {@code from}, or match it where it is {@code ~} or {@code ~*}
   * and an expression.
   *
   * @throws IllegalArgumentException if it can't be followed; the message says why
   */
  public static TextRule beginning(String from, String to) {
    if (!from.startsWith("~")) {
      return plain(new Beginning(TemplateParser.parse(from)), to);
    }
    boolean ignoreCase = from.startsWith("~*");
    return expression(from.substring(ignoreCase ? 2 : 1), ignoreCase, to);
  }

  /**
   * A rule for domains, or for those that match where {@code from} is {@code ~} and an expression.
   *
   * @throws IllegalArgumentException as above
   */
  public static TextRule domain(String from, String to) {
    return from.startsWith("~")
        ? expression(from.substring(1), true, to)
        : plain(new Domain(TemplateParser.parse(undotted(from))), undotted(to));
  }

  private static String undotted(String domain) {
    return domain.startsWith(".") ? domain.substring(1) : domain;
  }

  private static TextRule plain(From from, String to) {
    var replacement = ReplacementParser.parse(to, Map.of());
    if (replacement.largestGroup() > 0) {
      throw new IllegalArgumentException(
          "$" + replacement.largestGroup() + " needs an expression, which begins with ~");
    }
    return new TextRule(from, replacement);
  }

  private static TextRule expression(String text, boolean ignoreCase, String to) {
    SafePattern pattern;
    try {
      pattern = SafePattern.of(text, ignoreCase);
    } catch (PatternException e) {
      throw new IllegalArgumentException("the expression " + e.fault(), e);
    }
    if (!pattern.linear()) {
      throw new IllegalArgumentException("the expression can't be matched in linear time");
    }
    var replacement = ReplacementParser.parse(to, pattern.groupNames());
    if (replacement.largestGroup() > pattern.groups()) {
      throw new IllegalArgumentException(
          "the expression has no group $" + replacement.largestGroup());
    }
    return new TextRule(new Expression(pattern), replacement);
  }

  /** As written. */
  public String text() {
    return from.text() + " " + to.text();
  }
}
