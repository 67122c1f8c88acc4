package dev.weir.dataplane.model;

/**
 * Plain HTTP is sent to HTTPS (ingress-nginx.md 4.9).
 *
 * @param status 301, 302, 303, 307 or 308
 */
public record SslRedirect(int status) implements FilterSettings {
  @Override
  public String text() {
    return "ssl-redirect " + status;
  }
}
