package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.HostDraft;
import dev.weir.annotations.Problem;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.CipherChoice;
import dev.weir.dataplane.model.CipherChoice.Order;
import dev.weir.dataplane.model.CipherList;
import dev.weir.dataplane.model.TlsSettings;
import java.util.List;

/**
 * {@code ssl-ciphers}, {@code ssl-prefer-server-ciphers}: cipher suites of TLS 1.2 and before, for
 * all hosts or for those of an Ingress.
 *
 * <p>A string of which nothing can be spoken leaves the default: all of it has forward secrecy and
 * authenticated encryption, which no suite that is missing here betters, so nothing is opened.
 */
public final class TlsCiphers implements AnnotationFeature {
  private static final CipherList USUAL =
      new CipherList(TlsSettings.DEFAULT.ciphers().suites(), List.of());

  private static final Setting<CipherList> CIPHERS =
      setting(
          "ssl-ciphers",
          USUAL,
          WhenInvalid.DROP,
          TlsCiphers::parse,
          "Cipher suites of TLS 1.2 and before, as OpenSSL's cipher strings choose them.");

  private static final Setting<Boolean> SERVER_ORDER =
      setting(
          "ssl-prefer-server-ciphers",
          true,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether the order of suites counts, and not the client's.");

  private static <T> Setting<T> setting(
      String name, T byDefault, WhenInvalid whenInvalid, ValueParser<T> parser, String doc) {
    return new Setting<>(
        Setting.Names.both(name), byDefault, Scope.HOST, Risk.LOW, whenInvalid, parser, doc);
  }

  private static CipherList parse(String text) throws InvalidValueException {
    try {
      return CipherList.parse(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(CIPHERS, SERVER_ORDER);
  }

  @Override
  public String difference(Setting<?> setting) {
    return setting.equals(CIPHERS)
        ? "DHE and other suites that BoringSSL doesn't speak are left out, with a finding; if"
            + " nothing is left the default holds. The three suites of TLS 1.3 are always on."
        : "The ConfigMap can set it for all hosts, too.";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    var list = values.get(CIPHERS);
    if (!list.unmet().isEmpty() || list.suites().isEmpty()) {
      proxy.reportKey(Problem.Level.WARNING, CIPHERS, complaint(list), "");
    }
    proxy.tls(
        proxy
            .tls()
            .ciphers(
                new CipherChoice(
                    list.suites().isEmpty() ? USUAL.suites() : list.suites(), order(values))));
  }

  @Override
  public void applyHost(Values values, HostDraft host) {
    if (values.source(CIPHERS) == Values.Source.ANNOTATION) {
      var list = values.get(CIPHERS);
      if (!list.unmet().isEmpty() || list.suites().isEmpty()) {
        host.report(Problem.Level.WARNING, CIPHERS, complaint(list), "");
      }
      host.ciphers(list.suites().isEmpty() ? USUAL.suites() : list.suites());
    }
    if (values.source(SERVER_ORDER) == Values.Source.ANNOTATION) {
      host.cipherOrder(order(values));
    }
  }

  private static Order order(Values values) {
    return values.get(SERVER_ORDER) ? Order.SERVER : Order.CLIENT;
  }

  private static String complaint(CipherList list) {
    var unmet = list.unmet().stream().map(TlsCiphers::complaint).toList();
    var all = String.join("; ", unmet);
    return list.suites().isEmpty()
        ? all
            + (all.isEmpty() ? "" : "; ")
            + "no suite is left, so the default holds: "
            + USUAL.text()
        : all;
  }

  private static String complaint(String unmet) {
    if (unmet.startsWith("@")) {
      return unmet + " doesn't hold; for suites it does";
    }
    return CipherList.isTls13(unmet)
        ? unmet + " is a suite of TLS 1.3, which are always on"
        : unmet + " isn't spoken here";
  }
}
