package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import java.util.List;

/**
 * Annotations that send requests elsewhere than their path says. Not in effect yet: closes, because
 * without them a request reaches what the Ingress never opened, such as the backend behind a
 * redirect or the path that a rewrite replaces.
 */
public final class Destination implements AnnotationFeature {
  private static final List<Guard> GUARDS =
      Guard.annotations(
          Scope.ROUTE,
          Risk.MEDIUM,
          "Where requests go in place of the backend's path.",
          "permanent-redirect",
          "temporal-redirect",
          "rewrite-target");

  @Override
  public List<Setting<?>> settings() {
    return Guards.settings(GUARDS);
  }

  @Override
  public Disposition disposition(Setting<?> setting) {
    return Disposition.LATER;
  }

  @Override
  public boolean closes(Setting<?> setting) {
    return true;
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    Guards.close(GUARDS, values, route);
  }
}
