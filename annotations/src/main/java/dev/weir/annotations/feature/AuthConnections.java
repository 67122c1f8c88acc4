package dev.weir.annotations.feature;

import dev.weir.annotations.Disposition;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.Integers;
import dev.weir.dataplane.model.ProxySettings.Keepalive;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code auth-keepalive*}: how idle connections to an authentication service are kept. */
final class AuthConnections {
  private static final Setting<Integer> CONNECTIONS =
      number(
          "auth-keepalive", 0, "Idle connections to the service for each event loop; 0 for none.");
  private static final Setting<Integer> REQUESTS =
      number("auth-keepalive-requests", 1000, "Requests that such a connection carries.");
  private static final Setting<Integer> TIMEOUT =
      number("auth-keepalive-timeout", 60, "Seconds that such a connection stays idle.");
  private static final Setting<Boolean> SHARE_VARS =
      new Setting<>(
          Setting.Names.annotation("auth-keepalive-share-vars"),
          false,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Only says something to nginx.");

  private AuthConnections() {}

  private static Setting<Integer> number(String name, int defaultValue, String doc) {
    return new Setting<>(
        Setting.Names.annotation(name),
        defaultValue,
        Scope.ROUTE,
        Risk.LOW,
        WhenInvalid.DEFAULT,
        Integers.from(0),
        doc);
  }

  static List<Setting<?>> settings() {
    return List.of(CONNECTIONS, REQUESTS, TIMEOUT, SHARE_VARS);
  }

  static Disposition disposition(Setting<?> setting) {
    return setting.equals(SHARE_VARS) ? Disposition.INERT : Disposition.WORKS;
  }

  static String difference(Setting<?> setting) {
    return setting.equals(CONNECTIONS)
        ? "Without it connections to the service are kept as those to backends are."
        : "";
  }

  /** Null where nobody said: as connections to backends are. */
  static @Nullable Keepalive of(Values values) {
    if (values.source(CONNECTIONS) == Values.Source.DEFAULT) {
      return null;
    }
    int requests = values.get(REQUESTS);
    int seconds = values.get(TIMEOUT);
    boolean off = requests == 0 || seconds == 0;
    return new Keepalive(
        off ? 0 : values.get(CONNECTIONS), Duration.ofSeconds(seconds), Math.max(1, requests));
  }
}
