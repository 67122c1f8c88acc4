package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.RedirectStyle;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import java.util.List;

/** {@code relative-redirects}, {@code use-port-in-redirects}: how our redirects name a place. */
public final class RedirectForm implements AnnotationFeature {
  private static final Setting<Boolean> RELATIVE =
      new Setting<>(
          Setting.Names.both("relative-redirects"),
          false,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DROP,
          Booleans::parse,
          "Whether redirects to a path of the same host name the path only.");

  private static final Setting<Boolean> PORT =
      new Setting<>(
          Setting.Names.both("use-port-in-redirects"),
          false,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether redirects name the port that we listen on.");

  @Override
  public List<Setting<?>> settings() {
    return List.of(RELATIVE, PORT);
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    route.redirects(new RedirectStyle(values.get(RELATIVE), values.get(PORT)));
  }
}
