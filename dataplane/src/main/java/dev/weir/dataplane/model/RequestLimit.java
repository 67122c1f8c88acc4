package dev.weir.dataplane.model;

import java.util.ArrayList;

/**
 * How many requests a client address may send (ingress-nginx.md 1.3, 103 to 107).
 *
 * @param scope whose count it is: routes with the same scope count together, across tables
 * @param perSecond 0 for no limit
 * @param perMinute 0 for no limit
 * @param burst how many times the rate may be exceeded at once; 1 or more
 * @param exempt clients that aren't counted
 * @param status of the answer to one request too many
 */
public record RequestLimit(
    String scope, int perSecond, int perMinute, int burst, AddressSet exempt, int status)
    implements FilterSettings {
  @Override
  public String text() {
    var words = new ArrayList<String>();
    if (perSecond > 0) {
      words.add("limit-rps " + perSecond);
    }
    if (perMinute > 0) {
      words.add("limit-rpm " + perMinute);
    }
    words.add("burst=x" + burst);
    words.add("status=" + status);
    if (!exempt.equals(AddressSet.NONE)) {
      words.add("except=" + exempt);
    }
    return String.join(" ", words);
  }
}
