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
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.ProxySettings.Http2;
import java.util.List;

/** Whether and how clients may speak HTTP/2; ConfigMap only. */
public final class ClientHttp2 implements AnnotationFeature {
  /** More would let one client have more in flight than most backends take from all. */
  private static final int MOST_STREAMS = 1024;

  private static final Setting<Boolean> SPOKEN =
      key(
          "use-http2",
          Http2.DEFAULT.spoken(),
          Booleans::parse,
          "Whether clients may speak HTTP/2: with TLS by ALPN, without TLS by prior knowledge.");
  private static final Setting<Integer> STREAMS =
      key(
          "http2-max-concurrent-streams",
          Http2.DEFAULT.streams(),
          Integers.between(1, MOST_STREAMS),
          "Requests that a client may have in flight on a connection that speaks HTTP/2.");

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
    return List.of(SPOKEN, STREAMS);
  }

  @Override
  public String difference(Setting<?> setting) {
    return setting.equals(STREAMS)
        ? "Until its first reply is complete, a client may have at most 20; and at most "
            + MOST_STREAMS
            + " at any time."
        : "A change holds for new connections; those that speak HTTP/2 go on.";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    proxy.http2(new Http2(values.get(SPOKEN), values.get(STREAMS)));
  }
}
