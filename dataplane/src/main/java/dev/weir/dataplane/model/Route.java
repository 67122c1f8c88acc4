package dev.weir.dataplane.model;

import java.util.List;

/** One path of a virtual host, complete: every default is filled in. */
public record Route(
    PathMatch match,
    RouteAction action,
    RouteOrigin origin,
    List<FilterSettings> filters,
    Timeouts timeouts,
    RetryPolicy retries) {
  public Route {
    filters = List.copyOf(filters);
  }
}
