package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Problem;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.GoDurations;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.AddressSet;
import dev.weir.dataplane.model.ForwardedTrust;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Who is believed about the client: forwarded fields and the PROXY protocol; ConfigMap only. Where
 * it can't be read whom to trust, nobody is.
 */
public final class ForwardedFields implements AnnotationFeature {
  private static final ForwardedTrust BY_DEFAULT = ForwardedTrust.DEFAULT;

  private static final Setting<Boolean> FIELDS =
      key(
          "use-forwarded-headers",
          BY_DEFAULT.fields(),
          Booleans::parse,
          "Whether X-Forwarded-For, -Host, -Port and -Proto of trusted peers are believed.");
  private static final Setting<Boolean> ADDRESS_ONLY =
      key(
          "enable-real-ip",
          BY_DEFAULT.addressOnly(),
          Booleans::parse,
          "Whether of those fields only the client's address is believed.");
  private static final Setting<Boolean> APPENDS =
      key(
          "compute-full-forwarded-for",
          BY_DEFAULT.appends(),
          Booleans::parse,
          "Whether X-Forwarded-For is appended to instead of replaced; with"
              + " use-forwarded-headers.");
  private static final Setting<String> ADDRESS_FIELD =
      key(
          "forwarded-for-header",
          BY_DEFAULT.addressField(),
          ValueParser.TEXT,
          "The field that holds the client's address.");
  private static final Setting<String> PEERS =
      key(
          "proxy-real-ip-cidr",
          "0.0.0.0/0,::/0",
          ValueParser.TEXT,
          "Addresses of the proxies in front of us; nobody else's forwarded fields and PROXY"
              + " headers are believed.");
  private static final Setting<Boolean> PROXY_PROTOCOL =
      key(
          "use-proxy-protocol",
          BY_DEFAULT.proxyProtocol(),
          Booleans::parse,
          "Whether every connection must begin with a PROXY header, version 1 or 2.");
  private static final Setting<Duration> PROXY_PROTOCOL_TIMEOUT =
      key(
          "proxy-protocol-header-timeout",
          BY_DEFAULT.proxyProtocolTimeout(),
          GoDurations::positive,
          "How long a PROXY header may take, with unit.");

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
        FIELDS,
        ADDRESS_ONLY,
        APPENDS,
        ADDRESS_FIELD,
        PEERS,
        PROXY_PROTOCOL,
        PROXY_PROTOCOL_TIMEOUT);
  }

  @Override
  public String difference(Setting<?> setting) {
    if (setting.equals(FIELDS)) {
      return "Host, port and scheme, too, are believed only of peers in proxy-real-ip-cidr, and"
          + " only if they can be what they say they are.";
    }
    if (setting.equals(PEERS)) {
      return "IPv6 peers are trusted, too, unless the key is set; a list that can't be read trusts"
          + " nobody.";
    }
    return setting.equals(PROXY_PROTOCOL)
        ? "Of peers that aren't trusted nothing is believed."
        : "";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    var peers = peers(values, proxy);
    var field = values.get(ADDRESS_FIELD).toLowerCase(Locale.ROOT);
    if (!isFieldName(field)) {
      proxy.report(
          Problem.Level.ERROR,
          ADDRESS_FIELD,
          "is no name of a field that can be received, so no forwarded field is believed",
          "write one such as X-Forwarded-For");
      field = ForwardedTrust.USUAL_FIELD;
      peers = AddressSet.NONE;
    }
    proxy.forwarded(
        new ForwardedTrust(
            values.get(FIELDS),
            values.get(ADDRESS_ONLY),
            values.get(APPENDS),
            field,
            peers,
            values.get(PROXY_PROTOCOL),
            values.get(PROXY_PROTOCOL_TIMEOUT)));
  }

  private static AddressSet peers(Values values, ProxyDraft proxy) {
    try {
      return AddressSet.parse(values.get(PEERS));
    } catch (IllegalArgumentException e) {
      proxy.report(
          Problem.Level.ERROR,
          PEERS,
          e.getMessage() + ", so nobody is trusted",
          "write addresses and ranges separated by commas: 10.0.0.0/8, 2001:db8::/32");
      return AddressSet.NONE;
    }
  }

  /** Names with an underscore are dropped from what clients send. */
  private static boolean isFieldName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9')) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
