package dev.weir.dataplane.model;

/**
 * Replies over TLS carry {@code Strict-Transport-Security} (RFC 6797 6.1, ingress-nginx.md 4.11).
 *
 * @param maxAge seconds
 */
public record StrictTransportSecurity(int maxAge, boolean includeSubDomains, boolean preload)
    implements FilterSettings {
  /** ingress-nginx's. */
  public static final StrictTransportSecurity DEFAULT =
      new StrictTransportSecurity(31_536_000, true, false);

  /** The field's value. */
  public String value() {
    return "max-age="
        + maxAge
        + (includeSubDomains ? "; includeSubDomains" : "")
        + (preload ? "; preload" : "");
  }

  @Override
  public boolean everywhere() {
    return true;
  }

  /** Every route has the default, so only another one is worth a word. */
  @Override
  public String text() {
    return equals(DEFAULT) ? "" : "hsts " + value();
  }
}
