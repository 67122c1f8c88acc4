package dev.weir.dataplane.model;

/**
 * Plain HTTP is sent to HTTPS (ingress-nginx.md 4.9).
 *
 * @param status 301, 302, 303, 307 or 308
 * @param keepSlash whether a slash that ends the target stays
 * @param withPort whether the port where we serve HTTPS is named if it isn't 443
 */
public record SslRedirect(int status, boolean keepSlash, boolean withPort)
    implements FilterSettings {
  @Override
  public String text() {
    return "ssl-redirect "
        + status
        + (keepSlash ? " with slash" : "")
        + (withPort ? " with port" : "");
  }
}
