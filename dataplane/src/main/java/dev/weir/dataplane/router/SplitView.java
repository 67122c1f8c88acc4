package dev.weir.dataplane.router;

import dev.weir.dataplane.http.CanonicalPath;
import dev.weir.dataplane.model.PatternLimitException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds requests that an upstream could take for another route's: servers differ in what {@code
 * %2F}, {@code %5C} and {@code ;} mean in a path, so an access check on one route would be passed
 * with the path of another. Such a request is refused with 400; all others keep those characters.
 *
 * <p>Pure functions, any thread.
 */
public final class SplitView {
  private SplitView() {}

  /**
   * Whether some server reads this target as a path of another route. To be asked only if {@link
   * CanonicalPath.Ok#ambiguous}.
   *
   * @param found the route of the canonical path
   * @param target as received
   */
  public static <T> boolean exists(HostRoutes<T> routes, @Nullable T found, String target) {
    var readings = CanonicalPath.alternateReadings(target);
    if (readings == null) {
      return true;
    }
    try {
      for (var path : readings) {
        if (!Objects.equals(routes.find(path), found)) {
          return true;
        }
      }
    } catch (PatternLimitException e) {
      return true;
    }
    return false;
  }
}
