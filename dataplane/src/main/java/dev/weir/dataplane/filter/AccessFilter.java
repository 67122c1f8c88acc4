package dev.weir.dataplane.filter;

/**
 * A filter of the access checks (phases {@link FilterPhase#ADDRESS_ACCESS}, {@link
 * FilterPhase#BASIC_AUTH}, {@link FilterPhase#EXTERNAL_AUTH}) that has a part in what becomes of
 * the whole group. The group itself knows {@code satisfy}; a filter only says {@code Continue},
 * {@code Reply} with 401 or 403, or {@code Reply} with anything else if it can't decide, which ends
 * the group whatever {@code satisfy} is.
 */
public interface AccessFilter extends RouteFilter {
  /**
   * The group lets the request pass without this filter having let it pass ({@code satisfy: any}):
   * takes away what the upstream must not see.
   */
  default void onPassedOver(FilterRequest request) {}

  /** The group denies the request with a 401: the last word about how. */
  default LocalReply onUnauthorized(FilterRequest request, LocalReply reply) {
    return reply;
  }
}
