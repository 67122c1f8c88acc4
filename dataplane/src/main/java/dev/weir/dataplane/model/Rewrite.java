package dev.weir.dataplane.model;

/**
 * The path that the backend sees is made of what an expression matched (ingress-nginx.md 4.5); the
 * query stays.
 *
 * @param pattern matches the path at its beginning
 * @param target the new path, or an address: then the client is redirected to it
 * @param forwardedPrefix what {@code X-Forwarded-Prefix} tells the backend; nothing for no field
 */
public record Rewrite(SafePattern pattern, Replacement target, Replacement forwardedPrefix)
    implements FilterSettings {
  /** Whether the client is sent to the target, in place of the backend. */
  public boolean redirects() {
    var text = target.text();
    return text.regionMatches(true, 0, "http://", 0, 7)
        || text.regionMatches(true, 0, "https://", 0, 8)
        || text.startsWith("$scheme://");
  }

  @Override
  public String text() {
    return "rewrite "
        + pattern.text()
        + " "
        + target.text()
        + (forwardedPrefix.parts().isEmpty() ? "" : " prefix " + forwardedPrefix.text());
  }
}
