package dev.weir.dataplane.model;

import org.jspecify.annotations.Nullable;

/**
 * Cookies of upstreams get another domain or path (ingress-nginx.md 1.3, 81 and 82).
 *
 * @param domain null where it stays
 * @param path null where it stays
 */
public record CookieRewrite(@Nullable TextRule domain, @Nullable TextRule path)
    implements FilterSettings {
  @Override
  public String text() {
    return (domain == null ? "" : "cookie-domain " + domain.text())
        + (domain == null || path == null ? "" : ", ")
        + (path == null ? "" : "cookie-path " + path.text());
  }
}
