package dev.weir.dataplane.model;

/**
 * The matched beginning of the path is replaced, the rest and the query stay, as Traefik 1.7 does.
 *
 * @param pattern matches the beginning
 * @param target a path without trailing slash; may be empty
 */
public record PrefixRewrite(SafePattern pattern, String target) implements FilterSettings {
  @Override
  public String text() {
    return "rewrite-prefix " + pattern.text() + " " + (target.isEmpty() ? "/" : target);
  }
}
