package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Choice;
import dev.weir.dataplane.model.SatisfyAny;
import java.util.List;

/** {@code satisfy}: whether one access check is enough or all are needed. */
public final class Satisfy implements AnnotationFeature {
  private enum HowMany {
    ALL,
    ANY
  }

  private static final Setting<HowMany> HOW_MANY =
      new Setting<>(
          Setting.Names.annotation("satisfy"),
          HowMany.ALL,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Choice.lowerCase(HowMany.class),
          "all or any: how address lists and authentication combine.");

  @Override
  public List<Setting<?>> settings() {
    return List.of(HOW_MANY);
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    if (values.get(HOW_MANY) == HowMany.ANY) {
      route.filter(new SatisfyAny());
    }
  }
}
