package dev.weir.dataplane.model;

/**
 * Which clients may use a route, as lists of {@link AddressSet#parse(String)}; others get 403.
 *
 * <p>The lists are kept as written: a long one of the ConfigMap is on every route, and so it is in
 * memory once.
 *
 * @param denied these never; empty for nobody
 * @param allowed only these; empty for everybody
 */
public record AddressAccess(String denied, String allowed) implements FilterSettings {
  private static final int SHOWN = 100;

  @Override
  public String text() {
    return "addresses"
        + (denied.isEmpty() ? "" : " deny=" + shown(denied))
        + (allowed.isEmpty() ? "" : " allow=" + shown(allowed));
  }

  private static String shown(String list) {
    var dense = list.replaceAll("\\s", "");
    return dense.length() <= SHOWN ? dense : dense.substring(0, SHOWN) + "...";
  }
}
