package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Seconds;
import dev.weir.dataplane.model.Timeouts;
import java.time.Duration;
import java.util.List;

/** {@code proxy-connect-timeout}, {@code proxy-read-timeout}, {@code proxy-send-timeout}. */
public final class ProxyTimeouts implements AnnotationFeature {
  private static final Setting<Duration> CONNECT =
      seconds("proxy-connect-timeout", Timeouts.DEFAULT.connect(), "Until a connection stands.");
  private static final Setting<Duration> READ =
      seconds(
          "proxy-read-timeout", Timeouts.DEFAULT.read(), "Between two reads from the endpoint.");
  private static final Setting<Duration> SEND =
      seconds("proxy-send-timeout", Timeouts.DEFAULT.send(), "Between two writes to the endpoint.");

  private static Setting<Duration> seconds(String name, Duration byDefault, String doc) {
    return new Setting<>(
        Setting.Names.both(name),
        byDefault,
        Scope.ROUTE,
        Risk.LOW,
        WhenInvalid.DEFAULT,
        Seconds.from(1),
        doc);
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(CONNECT, READ, SEND);
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    route.timeouts(new Timeouts(values.get(CONNECT), values.get(READ), values.get(SEND)));
  }
}
