package dev.weir.dataplane.model;

/**
 * Every request is answered with a redirect, before all other checks but refusals (ingress-nginx.md
 * 4.8).
 *
 * @param status 300 to 308
 */
public record RouteRedirect(int status, Template location) implements FilterSettings {
  @Override
  public String text() {
    return "redirect " + status + " " + location.text();
  }
}
