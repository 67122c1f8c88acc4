package dev.weir.dataplane.model;

import java.util.Set;

/**
 * The data of one filter on one route. Implemented by records; the filter itself is made in {@code
 * dataplane.filters} and made anew only when its settings differ.
 */
public interface FilterSettings {
  /**
   * One short line for {@code /debug/routes}: {@code body-limit 8m}; empty for what all routes
   * have.
   */
  String text();

  /** Whether it also holds for redirects between hosts and to directories, which nobody owns. */
  default boolean everywhere() {
    return false;
  }

  /** Upstreams that it sends requests to. */
  default Set<UpstreamId> upstreams() {
    return Set.of();
  }
}
