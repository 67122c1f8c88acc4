package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.ByteSize;
import dev.weir.dataplane.model.BodyLimit;
import java.util.List;

/** {@code proxy-body-size}: the largest request body. */
public final class BodySize implements AnnotationFeature {
  private static final Setting<ByteSize> LARGEST =
      new Setting<>(
          Setting.Names.both("proxy-body-size"),
          new ByteSize(1 << 20),
          Scope.ROUTE,
          Risk.MEDIUM,
          WhenInvalid.DEFAULT,
          ByteSize::parse,
          "The largest request body; 0 for no limit.");

  @Override
  public List<Setting<?>> settings() {
    return List.of(LARGEST);
  }

  @Override
  public String difference(Setting<?> setting) {
    return "a size with the unit b is invalid; there it passes and then means 1m.";
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    route.filter(new BodyLimit(values.get(LARGEST).bytes()));
  }
}
