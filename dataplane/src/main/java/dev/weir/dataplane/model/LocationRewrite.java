package dev.weir.dataplane.model;

/** Redirects of upstreams lead elsewhere (ingress-nginx.md 1.3, 83). */
public record LocationRewrite(TextRule rule) implements FilterSettings {
  @Override
  public String text() {
    return "redirects " + rule.text();
  }
}
