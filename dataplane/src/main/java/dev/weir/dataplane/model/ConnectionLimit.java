package dev.weir.dataplane.model;

/**
 * How many requests of a client address may be in flight at once (ingress-nginx.md 1.3, 105).
 *
 * @param scope whose count it is: routes with the same scope count together, across tables
 * @param most 1 or more
 * @param exempt clients that aren't counted
 * @param status of the answer to one request too many
 */
public record ConnectionLimit(String scope, int most, AddressSet exempt, int status)
    implements FilterSettings {
  @Override
  public String text() {
    var except = exempt.equals(AddressSet.NONE) ? "" : " except=" + exempt;
    return "limit-connections " + most + " status=" + status + except;
  }
}
