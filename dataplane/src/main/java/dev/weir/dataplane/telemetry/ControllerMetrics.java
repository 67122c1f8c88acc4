package dev.weir.dataplane.telemetry;

import dev.weir.dataplane.telemetry.TelemetrySettings.Identity;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Metrics of ingress-nginx whose numbers the controller has, under the names and labels that
 * dashboards know: to be given to {@link Telemetry#register}. Suppliers are asked by the thread
 * that serves a scrape and must not wait.
 */
public final class ControllerMetrics {
  private ControllerMetrics() {}

  /**
   * A certificate that a host shows.
   *
   * @param ingressClass the controller's class
   * @param identifier {@code issuer-serial number}, tells renewed certificates apart
   */
  public record CertificateName(
      String namespace, String ingressClass, String host, String secretName, String identifier) {
    private Labels labels() {
      return Labels.of("class", ingressClass)
          .and("host", host)
          .and("identifier", identifier)
          .and("namespace", namespace)
          .and("secret_name", secretName);
    }
  }

  /** What a certificate says; unknown parts are empty. */
  public record CertificateFacts(
      Instant notAfter,
      String issuerOrganization,
      String issuerCommonName,
      String serialNumber,
      String publicKeyAlgorithm) {}

  /** Why a rule of an Ingress has nothing behind it. */
  public enum OrphanType {
    NO_SERVICE("no-service"),
    NO_ENDPOINT("no-endpoint");

    private final String label;

    OrphanType(String label) {
      this.label = label;
    }
  }

  /** The name of an Ingress that is served. */
  public record Ingress(String namespace, String name) {}

  /** {@code build_info}. */
  public static MetricSource build(
      Identity identity, String release, String build, String repository) {
    var labels =
        Labels.of("build", build)
            .and(identity.labels())
            .and("release", release)
            .and("repository", repository);
    return out -> out.gauge(Names.CONTROLLER + "build_info", "Which program this is.", labels, 1);
  }

  /** {@code ssl_expire_time_seconds} and {@code ssl_certificate_info}. */
  public static MetricSource certificates(
      Supplier<Map<CertificateName, CertificateFacts>> certificates) {
    return out -> {
      var shown = certificates.get();
      out.family(
          Names.CONTROLLER + "ssl_expire_time_seconds",
          MetricType.GAUGE,
          "When the certificate of a host expires, in seconds since 1970.");
      shown.forEach((name, facts) -> out.sample(name.labels(), facts.notAfter.getEpochSecond()));
      out.family(
          Names.CONTROLLER + "ssl_certificate_info",
          MetricType.GAUGE,
          "What the certificate of a host says.");
      shown.forEach(
          (name, facts) ->
              out.sample(
                  name.labels()
                      .and("issuer_common_name", facts.issuerCommonName)
                      .and("issuer_organization", facts.issuerOrganization)
                      .and("public_key_algorithm", facts.publicKeyAlgorithm)
                      .and("serial_number", facts.serialNumber),
                  1));
    };
  }

  /**
   * {@code orphan_ingress}: 1 or 0 for each Ingress and type, as there.
   *
   * @param orphans in which ways each Ingress is orphaned, all that are served
   */
  public static MetricSource orphans(
      Identity identity, Supplier<Map<Ingress, Set<OrphanType>>> orphans) {
    return out -> {
      out.family(
          Names.CONTROLLER + "orphan_ingress",
          MetricType.GAUGE,
          "Whether an Ingress has a rule without a Service, or one without endpoints.");
      var constant = identity.labels();
      orphans
          .get()
          .forEach(
              (ingress, found) -> {
                var labels =
                    constant.and("ingress", ingress.name).and("namespace", ingress.namespace);
                for (var type : OrphanType.values()) {
                  out.sample(labels.and("type", type.label), found.contains(type) ? 1 : 0);
                }
                out.relieve();
              });
    };
  }

  /**
   * {@code leader_election_status}.
   *
   * @param name of the Lease
   */
  public static MetricSource leader(Identity identity, String name, BooleanSupplier leads) {
    return out ->
        out.gauge(
            Names.CONTROLLER + "leader_election_status",
            "Whether this replica leads.",
            identity.labels().and("name", name),
            leads.getAsBoolean() ? 1 : 0);
  }

  /**
   * {@code weir_findings}.
   *
   * @param bySeverity number of findings now, by severity in lower case
   */
  public static MetricSource findings(Supplier<Map<String, Integer>> bySeverity) {
    return out -> {
      out.family("weir_findings", MetricType.GAUGE, "What is wrong with objects, by severity.");
      bySeverity
          .get()
          .forEach(
              (severity, count) -> out.sample(Labels.of("severity", severity), count.longValue()));
    };
  }
}
