package dev.weir.controller.cli;

import dev.weir.controller.resource.ObjectKey;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.TableChange;
import dev.weir.dataplane.telemetry.ControllerMetrics.CertificateFacts;
import dev.weir.dataplane.telemetry.ControllerMetrics.CertificateName;
import dev.weir.tls.ServerCertificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/**
 * The certificates that hosts show now, by the names under which dashboards look for them.
 *
 * <p>Thread rule: {@link #applied} on the controller thread, {@link #facts} on any.
 */
final class ShownCertificates {
  /** How ingress-nginx calls the host of requests that no other host takes. */
  private static final String CATCH_ALL = "_";

  private final String ingressClass;
  private final Optional<ObjectKey> defaultSecret;
  private final Map<HostPattern, ServerCertificate> byHost = new ConcurrentHashMap<>();
  private final Map<HostPattern, String> secrets = new ConcurrentHashMap<>();

  /**
   * @param ingressClass {@code --controller-class}
   * @param defaultSecret {@code --default-ssl-certificate}
   */
  ShownCertificates(String ingressClass, Optional<ObjectKey> defaultSecret) {
    this.ingressClass = ingressClass;
    this.defaultSecret = defaultSecret;
  }

  /** Follows a change of the table. */
  void applied(TableChange change) {
    change.hosts().forEach((pattern, host) -> secrets.put(pattern, host.tls()));
    change.removedHosts().forEach(secrets::remove);
    byHost.putAll(change.certificates().put());
    change.certificates().removed().forEach(byHost::remove);
    change.certificates().defaultCertificate().ifPresent(this::putDefault);
  }

  private void putDefault(ServerCertificate certificate) {
    defaultSecret.ifPresent(
        secret -> {
          var pattern = new HostPattern.Any();
          byHost.put(pattern, certificate);
          secrets.put(pattern, secret.namespace() + "/" + secret.name());
        });
  }

  /** What there is to say of each. */
  Map<CertificateName, CertificateFacts> facts() {
    var facts = new HashMap<CertificateName, CertificateFacts>();
    byHost.forEach(
        (pattern, certificate) -> {
          var found = factsOf(certificate);
          facts.put(name(pattern, found), found);
        });
    return facts;
  }

  private CertificateName name(HostPattern pattern, CertificateFacts facts) {
    var secret = secrets.getOrDefault(pattern, "").split("/", 2);
    return new CertificateName(
        secret.length == 2 ? secret[0] : "",
        ingressClass,
        pattern instanceof HostPattern.Any ? CATCH_ALL : pattern.text(),
        secret.length == 2 ? secret[1] : "",
        facts.issuerCommonName() + "-" + facts.serialNumber());
  }

  private static CertificateFacts factsOf(ServerCertificate certificate) {
    var leaf = certificate.chain().getFirst();
    var issuer = leaf.getIssuerX500Principal().getName();
    return new CertificateFacts(
        certificate.notAfter(),
        part(issuer, "O"),
        part(issuer, "CN"),
        leaf.getSerialNumber().toString(),
        algorithm(leaf.getPublicKey().getAlgorithm()));
  }

  /** As Go spells it. */
  private static String algorithm(String name) {
    return switch (name) {
      case "EC" -> "ECDSA";
      case "EdDSA" -> "Ed25519";
      default -> name;
    };
  }

  private static String part(String name, String type) {
    try {
      for (var rdn : new LdapName(name).getRdns()) {
        if (rdn.getType().equalsIgnoreCase(type) && rdn.getValue() instanceof String value) {
          return value;
        }
      }
      return "";
    } catch (InvalidNameException e) {
      return ""; // what can't be read is unknown, and unknown parts are empty
    }
  }
}
