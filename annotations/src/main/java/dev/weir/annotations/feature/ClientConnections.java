package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Integers;
import dev.weir.annotations.value.Seconds;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.ProxySettings;
import java.time.Duration;
import java.util.List;

/** How clients' connections are treated; ConfigMap only. */
public final class ClientConnections implements AnnotationFeature {
  private static final ProxySettings BY_DEFAULT = ProxySettings.DEFAULT;

  private static final Setting<Duration> IDLE =
      key(
          "keep-alive",
          BY_DEFAULT.keepAlive(),
          Seconds.from(0),
          "How long an idle client connection stays open; 0 closes it after each request.");
  private static final Setting<Integer> REQUESTS =
      key(
          "keep-alive-requests",
          BY_DEFAULT.keepAliveRequests(),
          Integers.from(0),
          "Requests that a client connection may carry; 0 for no limit.");
  private static final Setting<Duration> HEADER =
      key(
          "client-header-timeout",
          BY_DEFAULT.clientHeader(),
          Seconds.from(1),
          "How long a client may take to send a head.");
  private static final Setting<Duration> BODY =
      key(
          "client-body-timeout",
          BY_DEFAULT.clientBody(),
          Seconds.from(1),
          "Between two reads of a request body.");

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
    return List.of(IDLE, REQUESTS, HEADER, BODY);
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    proxy.clientKeepAlive(values.get(IDLE), values.get(REQUESTS));
    proxy.clientTimeouts(values.get(HEADER), values.get(BODY));
  }
}
