package dev.weir.dataplane.router;

import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.Route;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a route's record what the exchange works with: its filters instantiated, its upstream
 * looked up. Called only for routes that are new or whose record differs.
 *
 * @param <T> a compiled route
 */
@FunctionalInterface
public interface RouteCompiler<T> {
  /**
   * Compiles a route.
   *
   * @param previous what the route of the same host and match was before, so that filters whose
   *     settings did not change can be carried over; null for a new route
   * @throws RuntimeException to refuse the whole change; the router in use is not affected
   */
  T compile(HostPattern host, Route route, @Nullable T previous);
}
