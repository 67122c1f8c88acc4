package dev.weir.dataplane.model;

/**
 * Replies say who serves; without this they don't (ingress-nginx.md 2, 38 and 39).
 *
 * @param backends whether an upstream's own word is passed on
 * @param ours whether the proxy names itself where no upstream's word is passed on
 */
public record ServerField(boolean backends, boolean ours) implements FilterSettings {
  @Override
  public boolean everywhere() {
    return ours;
  }

  @Override
  public String text() {
    return "server" + (backends ? " of the backend" : "") + (ours ? " weir" : "");
  }
}
