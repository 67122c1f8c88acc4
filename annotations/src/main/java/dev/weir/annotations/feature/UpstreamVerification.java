package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Draft;
import dev.weir.annotations.HostDraft;
import dev.weir.annotations.HostTls;
import dev.weir.annotations.Problem;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.ServiceTls;
import dev.weir.annotations.Setting;
import dev.weir.annotations.TlsSecret;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.CharacterClass;
import dev.weir.annotations.value.Integers;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.annotations.value.ObjectName;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.CipherList;
import dev.weir.dataplane.model.CipherSuite;
import dev.weir.dataplane.model.TlsVersion;
import dev.weir.dataplane.model.TlsVersionList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code proxy-ssl-*}: who we are to a Service that speaks TLS, and how it must prove who it is
 * (ingress-nginx.md 1.3, 89 to 95). The oldest Ingress of a host whose Secret has a CA speaks for
 * the namespace's other Ingresses of the host, too, as far as these name no Secret themselves.
 *
 * <p>A Service that can't be verified although it is to be is not spoken to: its routes answer 503.
 */
public final class UpstreamVerification implements AnnotationFeature {
  private static final ObjectName NO_SECRET = new ObjectName("", "");
  private static final CipherList USUAL = new CipherList(List.of(), List.of());
  private static final TlsVersionList BY_DEFAULT =
      new TlsVersionList(List.of(TlsVersion.TLS_1_2), List.of());
  private static final int LONGEST_NAME = 253;
  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

  private static final Setting<ObjectName> SECRET =
      setting(
          "proxy-ssl-secret",
          NO_SECRET,
          Risk.MEDIUM,
          WhenInvalid.DROP,
          UpstreamVerification::secret,
          "Secret with our certificate for the Service (tls.crt, tls.key) and the CA of the"
              + " Service's (ca.crt): namespace/name.");
  private static final Setting<Boolean> VERIFY =
      setting(
          "proxy-ssl-verify",
          false,
          Risk.LOW,
          WhenInvalid.DENY,
          UpstreamVerification::onOff,
          "on: a Service whose certificate the CA did not sign, or that is for another name, is not"
              + " spoken to.");
  private static final Setting<Integer> DEPTH =
      setting(
          "proxy-ssl-verify-depth",
          1,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Integers.from(0),
          "How many certificates may stand between the Service's and the CA's; 0 means 1.");
  private static final Setting<String> CALLED =
      setting(
          "proxy-ssl-name",
          "",
          Risk.HIGH,
          WhenInvalid.DEFAULT,
          UpstreamVerification::name,
          "Name that the Service's certificate must be for, and that it is told.");
  private static final Setting<Boolean> TOLD =
      setting(
          "proxy-ssl-server-name",
          false,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          UpstreamVerification::onOff,
          "Whether the Service is told that name (SNI).");
  private static final Setting<TlsVersionList> PROTOCOLS =
      setting(
          "proxy-ssl-protocols",
          BY_DEFAULT,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          UpstreamVerification::protocols,
          "Versions of TLS towards the Service.");
  private static final Setting<CipherList> CIPHERS =
      setting(
          "proxy-ssl-ciphers",
          USUAL,
          Risk.MEDIUM,
          WhenInvalid.DEFAULT,
          UpstreamVerification::ciphers,
          "Cipher suites of TLS 1.2 towards the Service, as OpenSSL writes them.");
  private static final Setting<Boolean> PATHS_ONLY =
      new Setting<>(
          Setting.Names.configMap("proxy-ssl-location-only"),
          false,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether proxy-ssl-* of an Ingress hold for its own paths only, and not for the host.");

  private static <T> Setting<T> setting(
      String name, T byDefault, Risk risk, WhenInvalid invalid, ValueParser<T> parser, String doc) {
    return new Setting<>(
        Setting.Names.annotation(name), byDefault, Scope.ROUTE, risk, invalid, parser, doc);
  }

  /** Without namespace where it has another form: then the feature closes. */
  private static ObjectName secret(String text) throws InvalidValueException {
    int slash = CharacterClass.BASIC.parse(text).indexOf('/');
    return slash < 1 || slash != text.lastIndexOf('/') || slash == text.length() - 1
        ? new ObjectName("", text)
        : new ObjectName(text.substring(0, slash), text.substring(slash + 1));
  }

  private static Boolean onOff(String text) throws InvalidValueException {
    return switch (text) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new InvalidValueException("on or off");
    };
  }

  private static String name(String text) throws InvalidValueException {
    if (text.length() > LONGEST_NAME || !NAME.matcher(text).matches()) {
      throw new InvalidValueException("a host name, without variables");
    }
    return text.toLowerCase(Locale.ROOT);
  }

  private static TlsVersionList protocols(String text) throws InvalidValueException {
    try {
      var list = TlsVersionList.parse(text);
      if (!list.versions().isEmpty()
          && list.unmet().isEmpty()
          && list.versions().stream().noneMatch(TlsVersion::obsolete)) {
        return list;
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException("TLSv1.2, TLSv1.3 or both");
    }
    throw new InvalidValueException("TLSv1.2, TLSv1.3 or both");
  }

  private static CipherList ciphers(String text) throws InvalidValueException {
    CipherList list;
    try {
      list = CipherList.parse(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException(String.valueOf(e.getMessage()));
    }
    if (list.suites().isEmpty()) {
      throw new InvalidValueException("cipher suites that there are");
    }
    return list;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(SECRET, VERIFY, DEPTH, CALLED, TOLD, PROTOCOLS, CIPHERS, PATHS_ONLY);
  }

  @Override
  public String difference(Setting<?> setting) {
    if (setting.equals(VERIFY)) {
      return "on without a CA to verify by, and a value that is neither on nor off, answer 503"
          + " instead of going unverified.";
    }
    if (setting.equals(CALLED)) {
      return "is service.namespace.svc, or an ExternalName Service's external name, where it is not"
          + " set, instead of a name of nginx's own; variables are not replaced.";
    }
    return setting.equals(SECRET)
        ? "holds for the host's other Ingresses of the same namespace only, and closes those that"
            + " speak TLS by it where it can't be used; a Secret with a certificate and no CA"
            + " shows the certificate; there it does nothing."
        : "";
  }

  @Override
  public void applyHost(Values values, HostDraft host) {
    if (values.get(PATHS_ONLY) || values.source(SECRET) == Values.Source.DEFAULT) {
      return;
    }
    var namespace = host.references().namespace();
    var fault =
        fault(values, host)
            .or(
                () ->
                    unreadable(values, VERIFY)
                        ? Optional.of("goes with a proxy-ssl-verify that is neither on nor off")
                        : Optional.empty());
    if (fault.isPresent()) {
      host.serviceTls(new HostTls(namespace, ServiceTls.PLAIN, fault.get()));
      return;
    }
    wanted(values, host)
        .filter(secret -> secret.roots().isPresent())
        .map(secret -> new HostTls(namespace, tls(values, secret), ""))
        .ifPresent(host::serviceTls);
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    var fault = fault(values, route);
    if (fault.isPresent()) {
      route.deny(values, SECRET, fault.get());
      return;
    }
    var own = wanted(values, route).map(secret -> tls(values, secret));
    var lent = own.isPresent() ? Optional.<HostTls>empty() : lent(values, route);
    lent.map(HostTls::fault)
        .filter(why -> !why.isEmpty() && !BackendProtocol.plain(values))
        .ifPresent(
            why ->
                route.deny(
                    values,
                    BackendProtocol.PROTOCOL,
                    "asks for TLS as this host's proxy-ssl-secret has it, which " + why));
    if (values.get(VERIFY) && unreadable(values, BackendProtocol.PROTOCOL)) {
      route.deny(values, VERIFY, "is on, but backend-protocol can't be read");
    }
    var tls = own.or(() -> lent.map(HostTls::tls));
    if (values.get(VERIFY) && tls.flatMap(ServiceTls::proof).isEmpty()) {
      route.deny(
          values,
          VERIFY,
          own.isPresent()
              ? "is on, but Secret " + values.get(SECRET) + " has no ca.crt to verify by"
              : "is on, but there is no proxy-ssl-secret with a CA to verify by");
    }
    tls.ifPresent(route::tls);
    report(values, route, own.isPresent());
  }

  /** What the oldest Ingress of the host that may speak for this one says. */
  private static Optional<HostTls> lent(Values values, RouteDraft route) {
    return route.backend().hostTls().stream()
        .filter(tls -> !OtherNamespaces.closed(values, route, tls.namespace()))
        .findFirst();
  }

  /** Whether an annotation has a value that does not parse. */
  private static boolean unreadable(Values values, Setting<?> setting) {
    return values.present(setting)
        && !values.blank(setting)
        && values.source(setting) == Values.Source.DEFAULT;
  }

  /** Why the Secret can't be used, going on after its annotation's name. */
  private static Optional<String> fault(Values values, Draft draft) {
    if (values.source(SECRET) == Values.Source.DEFAULT) {
      return Optional.empty();
    }
    var name = values.get(SECRET);
    if (name.namespace().isEmpty()) {
      return Optional.of("names " + name + " (expected: namespace/name)");
    }
    if (OtherNamespaces.closed(values, draft, name.namespace())) {
      return Optional.of(
          "names Secret " + name + " of another namespace, which the ConfigMap doesn't allow");
    }
    var secret = draft.references().tlsSecret(name.namespace(), name.name());
    if (secret.isEmpty()) {
      return Optional.of("names Secret " + name + ", which does not exist");
    }
    return Optional.of(secret.get().fault())
        .filter(why -> !why.isEmpty())
        .map(why -> "names Secret " + name + ": " + why);
  }

  /** The Secret, which has no fault. */
  private static Optional<TlsSecret> wanted(Values values, Draft draft) {
    var name = values.get(SECRET);
    return values.source(SECRET) == Values.Source.DEFAULT
        ? Optional.empty()
        : draft.references().tlsSecret(name.namespace(), name.name());
  }

  private static ServiceTls tls(Values values, TlsSecret secret) {
    int depth = Math.max(1, values.get(DEPTH));
    return new ServiceTls(
        values.get(PROTOCOLS).versions().stream().map(TlsVersion::text).toList(),
        values.get(CIPHERS).suites().stream().map(CipherSuite::ianaName).toList(),
        secret.certificate(),
        values.get(CALLED),
        values.get(TOLD),
        values.get(VERIFY)
            ? secret.roots().map(roots -> new ServiceTls.Proof(roots, depth))
            : Optional.empty());
  }

  private static void report(Values values, RouteDraft route, boolean own) {
    for (var setting : List.of(VERIFY, DEPTH, CALLED, TOLD, PROTOCOLS, CIPHERS)) {
      boolean asked = values.source(setting) != Values.Source.DEFAULT;
      if (asked && !own && !setting.equals(VERIFY)) {
        route.report(
            Problem.Level.WARNING,
            setting,
            "has no effect without proxy-ssl-secret",
            "add proxy-ssl-secret, or remove the annotation");
      } else if (asked && own && setting.equals(VERIFY) && BackendProtocol.plain(values)) {
        route.report(
            Problem.Level.WARNING,
            setting,
            "has no effect on a Service that is spoken to without TLS",
            "set backend-protocol to HTTPS");
      }
    }
    var unmet = values.get(CIPHERS).unmet();
    if (own && !unmet.isEmpty()) {
      route.report(
          Problem.Level.WARNING,
          CIPHERS,
          "asks for " + String.join(", ", unmet) + ", which BoringSSL doesn't have",
          "");
    }
  }
}
