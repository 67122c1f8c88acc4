package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.Problem;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.ValueParser;
import java.util.List;

/**
 * {@code ssl-early-data} and {@code ssl-dh-param}: of TLS, what isn't spoken here. Early data can
 * be sent again by anybody who saw it; DHE suites are not among BoringSSL's.
 */
public final class UnspokenTls implements AnnotationFeature {
  private static final Setting<Boolean> EARLY_DATA =
      key("ssl-early-data", false, Booleans::parse, "Whether early data of TLS 1.3 is taken.");
  private static final Setting<String> DH_PARAM =
      key("ssl-dh-param", "", ValueParser.TEXT, "Secret with parameters for DHE suites.");

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
    return List.of(EARLY_DATA, DH_PARAM);
  }

  @Override
  public Disposition disposition(Setting<?> setting) {
    return Disposition.REFUSED;
  }

  @Override
  public String difference(Setting<?> setting) {
    return setting.equals(EARLY_DATA)
        ? "Never taken, since who saw it can send it again; clients send it after the handshake."
        : "BoringSSL speaks no DHE suites; clients that know these know ECDHE, too.";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    if (values.get(EARLY_DATA)) {
      proxy.report(
          Problem.Level.WARNING,
          EARLY_DATA,
          "has no effect: early data can be sent again by anybody who saw it, so it isn't taken",
          "remove the key; clients send the same after the handshake");
    }
    if (!values.get(DH_PARAM).isEmpty()) {
      proxy.report(
          Problem.Level.WARNING,
          DH_PARAM,
          "has no effect: DHE suites are not spoken here",
          "remove the key; clients that know DHE know ECDHE, too");
    }
  }
}
