package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.GoDurations;
import dev.weir.annotations.value.Integers;
import dev.weir.annotations.value.Seconds;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.ProxySettings.Keepalive;
import java.time.Duration;
import java.util.List;

/** {@code upstream-keepalive-*}: idle connections to endpoints; ConfigMap only. */
public final class UpstreamKeepalive implements AnnotationFeature {
  private static final Keepalive BY_DEFAULT = ProxySettings.DEFAULT.upstream();

  private static final Setting<Integer> CONNECTIONS =
      key(
          "upstream-keepalive-connections",
          BY_DEFAULT.connections(),
          Integers.from(0),
          "Idle connections kept; 0 for none.");
  private static final Setting<Duration> TIMEOUT =
      key(
          "upstream-keepalive-timeout",
          BY_DEFAULT.timeout(),
          Seconds.from(1),
          "How long a connection is kept idle.");
  private static final Setting<Integer> REQUESTS =
      key(
          "upstream-keepalive-requests",
          BY_DEFAULT.requests(),
          Integers.from(1),
          "Requests that a connection may carry.");

  private static final Setting<Duration> AGE =
      key(
          "upstream-keepalive-time",
          BY_DEFAULT.age(),
          GoDurations::positive,
          "How old a connection may be that is used again.");

  private static <T> Setting<T> key(String name, T byDefault, ValueParser<T> parser, String doc) {
    return new Setting<>(
        Setting.Names.configMap(name),
        byDefault,
        Scope.PROXY,
        Risk.LOW,
        WhenInvalid.DEFAULT,
        parser,
        doc);
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(CONNECTIONS, TIMEOUT, REQUESTS, AGE);
  }

  @Override
  public String difference(Setting<?> setting) {
    return setting.equals(CONNECTIONS)
        ? "counts for each endpoint and event loop, and what is more closes after a second; there"
            + " for each process and all endpoints, at once."
        : "";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    proxy.upstreamKeepalive(
        new Keepalive(
            values.get(CONNECTIONS), values.get(TIMEOUT), values.get(REQUESTS), values.get(AGE)));
  }
}
