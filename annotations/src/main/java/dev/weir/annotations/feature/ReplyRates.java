package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Integers;
import dev.weir.dataplane.model.ReplyRate;
import java.util.List;

/**
 * {@code limit-rate}, {@code limit-rate-after} (ingress-nginx.md 1.3, 108 and 109): how fast a
 * reply's body goes to the client. Unlike there it holds whatever {@code proxy-buffering} is.
 */
public final class ReplyRates implements AnnotationFeature {
  private static final long KILOBYTE = 1024;

  private static final Setting<Integer> RATE =
      kilobytes(
          "limit-rate",
          "Kilobytes a second at which the body of each reply goes to the client, with or without"
              + " proxy-buffering; 0 for no limit.");
  private static final Setting<Integer> AFTER =
      kilobytes("limit-rate-after", "Kilobytes of a body that go before limit-rate holds.");

  private static Setting<Integer> kilobytes(String name, String doc) {
    return new Setting<>(
        Setting.Names.both(name),
        0,
        Scope.ROUTE,
        Risk.LOW,
        WhenInvalid.DEFAULT,
        Integers::any,
        doc);
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(RATE, AFTER);
  }

  @Override
  public String difference(Setting<?> setting) {
    return "Holds whatever proxy-buffering is; there it needs proxy-buffering: on.";
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    int rate = values.get(RATE);
    if (rate > 0) {
      route.filter(new ReplyRate(rate * KILOBYTE, Math.max(0, values.get(AFTER)) * KILOBYTE));
    }
  }
}
