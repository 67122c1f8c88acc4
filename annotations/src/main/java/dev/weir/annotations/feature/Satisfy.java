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
 * {@code satisfy}: whether one access check is enough or all are needed. Not enforced yet: closes.
 */
public final class Satisfy implements AnnotationFeature {
  private static final List<Guard> GUARDS =
      List.of(
          Guard.any(
              Setting.Names.annotation("satisfy"),
              Scope.ROUTE,
              Risk.LOW,
              "all or any: how address lists and authentication combine."));

  @Override
  public List<Setting<?>> settings() {
    return Guards.settings(GUARDS);
  }

  @Override
  public Disposition disposition(Setting<?> setting) {
    return Disposition.LATER;
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    Guards.close(GUARDS, values, route);
  }
}
