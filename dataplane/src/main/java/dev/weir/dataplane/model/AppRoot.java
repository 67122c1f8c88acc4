package dev.weir.dataplane.model;

/**
 * The path {@code /} of a host is redirected to where its application begins, before all other
 * checks (ingress-nginx.md 4.8).
 *
 * @param path what follows the host in the redirect
 */
public record AppRoot(Template path) implements FilterSettings {
  @Override
  public String text() {
    return "app-root " + path.text();
  }
}
