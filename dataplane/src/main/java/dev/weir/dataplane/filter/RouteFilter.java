package dev.weir.dataplane.filter;

/**
 * One step between client and backend. An instance serves one {@link
 * dev.weir.dataplane.model.FilterSettings} value on all loops at once, for as long as some route
 * has that value.
 */
public interface RouteFilter {
  /** Its place in the order of checks. */
  FilterPhase phase();

  /** Looks at a request before it goes upstream. Must not block. */
  FilterOutcome onRequest(FilterRequest request);
}
