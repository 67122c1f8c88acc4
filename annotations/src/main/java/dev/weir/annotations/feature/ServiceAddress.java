package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Problem;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import java.util.List;

/**
 * {@code service-upstream}: the Service's own address is asked in place of its pods', whether it
 * has endpoints or not (ingress-nginx.md 1.3, 58).
 */
public final class ServiceAddress implements AnnotationFeature {
  private static final Setting<Boolean> ASKED =
      new Setting<>(
          Setting.Names.both("service-upstream"),
          false,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether requests go to the Service's own address instead of its pods'.");

  @Override
  public List<Setting<?>> settings() {
    return List.of(ASKED);
  }

  @Override
  public String difference(Setting<?> setting) {
    return "holds for the paths of the Ingress that says so; there the Ingress that first names a"
        + " Service port decides for all.";
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    if (!values.get(ASKED) || route.kind() == RouteDraft.Kind.GLOBAL_DEFAULT) {
      return;
    }
    if (route.backend().hasAddress()) {
      route.askServiceAddress();
    } else if (values.source(ASKED) == Values.Source.ANNOTATION
        && !route.backend().name().isEmpty()) {
      route.report(
          Problem.Level.WARNING,
          ASKED,
          "means nothing for "
              + route.backend().name()
              + ", which has no address of its own; its endpoints are asked",
          "give the Service a cluster IP, or remove the annotation");
    }
  }
}
