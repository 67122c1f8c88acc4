package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.Integers;
import dev.weir.annotations.value.Seconds;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.ProxySettings.ClientHeader;
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
  private static final Setting<Integer> PER_SOURCE =
      key(
          "max-connections-per-source",
          BY_DEFAULT.connectionsPerSource(),
          Integers.from(0),
          "Open connections of one client address, or of one IPv6 network of 64 bits; 0 for no"
              + " limit. Trusted proxies have no limit, and clients named by PROXY headers are"
              + " counted in their place.");
  private static final Setting<Duration> HEADER =
      key(
          "client-header-timeout",
          BY_DEFAULT.clientHeader().timeout(),
          Seconds.from(1),
          "How long a client may take to send a head.");
  private static final Setting<Duration> BODY =
      key(
          "client-body-timeout",
          BY_DEFAULT.clientBody(),
          Seconds.from(1),
          "Between two reads of a request body.");

  private static final Setting<Boolean> UNDERSCORES =
      key(
          "enable-underscores-in-headers",
          false,
          Booleans::parse,
          "Whether clients' fields with an underscore in their name are passed on.");
  private static final Setting<Boolean> DROPS_INVALID =
      key(
          "ignore-invalid-headers",
          true,
          Booleans::parse,
          "Whether clients' fields with other characters in their name than letters, digits and -"
              + " are left out; else such a request is answered 400.");
  private static final Setting<Boolean> REQUEST_IDS =
      key(
          "generate-request-id",
          ClientHeader.DEFAULT.requestIds(),
          Booleans::parse,
          "Whether requests without X-Request-ID get one.");

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
    return List.of(
        IDLE, REQUESTS, PER_SOURCE, HEADER, BODY, UNDERSCORES, DROPS_INVALID, REQUEST_IDS);
  }

  @Override
  public String difference(Setting<?> setting) {
    if (setting.equals(HEADER)) {
      return "the time counts for the whole head, and is 10 s by default; there it is 60 s.";
    }
    if (setting.equals(PER_SOURCE)) {
      return "there is no such key there; raise it, or set 0, where a load balancer in front hides"
          + " its clients' addresses.";
    }
    return setting.equals(REQUESTS)
        ? "10,000 by default, and 0 for no limit; there it is 1000."
        : "";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    proxy.clientKeepAlive(values.get(IDLE), values.get(REQUESTS));
    proxy.connectionsPerSource(values.get(PER_SOURCE));
    proxy.clients(
        ClientHeader.of(
            values.get(HEADER),
            values.get(UNDERSCORES),
            values.get(DROPS_INVALID),
            values.get(REQUEST_IDS)),
        values.get(BODY));
  }
}
