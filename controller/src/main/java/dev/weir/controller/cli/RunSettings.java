package dev.weir.controller.cli;

import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.source.ApiServerOptions;
import dev.weir.controller.translate.LabelSelector;
import dev.weir.controller.translate.TranslateOptions;
import dev.weir.controller.translate.WatchedNamespaces;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import dev.weir.dataplane.upstream.ServiceLimits;
import dev.weir.tls.SelfSignedCertificate;
import dev.weir.tls.ServerCertificate;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * What the flags of {@code weir run} ask for, as the parts of the program take it.
 *
 * @param service what one Service may take of the proxy
 * @param accessLog where lines of requests go; not closed
 * @param ending how it ends
 */
record RunSettings(
    Origin origin,
    Sockets sockets,
    ServiceLimits service,
    OutputStream accessLog,
    Ending ending,
    TranslateOptions translation,
    TelemetrySettings telemetry) {

  /**
   * What is listened on.
   *
   * @param bind {@code --bind-address}; empty for the ConfigMap's, else all
   * @param webhook {@code --validating-webhook} and its companions
   * @param transport {@code --transport}
   * @param eventLoops threads that carry traffic
   */
  record Sockets(
      List<String> bind,
      int http,
      int https,
      Admin admin,
      Optional<Webhook> webhook,
      String transport,
      int eventLoops) {}

  /**
   * The admission webhook.
   *
   * @param host empty for all addresses
   */
  record Webhook(String host, int port, Path certificate, Path key) {}

  /**
   * The admin port.
   *
   * @param host empty for all addresses
   */
  record Admin(String host, int port, String healthPath) {}

  /**
   * How the program ends.
   *
   * @param grace serving on, unready, after the wish to end
   * @param drain the longest that requests in flight are waited for; empty for the ConfigMap's
   *     {@code worker-shutdown-timeout}
   * @param afterwards the admin port answers on after the last reply
   */
  record Ending(Duration grace, Optional<Duration> drain, Duration afterwards) {
    private static final String AFTERWARDS = "post-shutdown-grace-period";

    /** Who runs it by hand waits for nobody who would read the last metrics. */
    private static Ending of(Flags flags) {
      boolean wanted = flags.isGiven(AFTERWARDS) || System.getenv("POD_NAME") != null;
      return new Ending(
          flags.duration("shutdown-grace-period"),
          Optional.empty(),
          wanted ? flags.duration(AFTERWARDS) : Duration.ZERO);
    }
  }

  private static final int FOLDER_HTTP_PORT = 8080;
  private static final int FOLDER_HTTPS_PORT = 8443;

  /** What is read of the namespace of what a flag names; settings name further objects. */
  private static final Map<String, List<Kind>> OBJECT_FLAGS =
      Map.of(
          "configmap", List.of(Kind.CONFIG_MAP, Kind.SECRET),
          "default-backend-service", List.of(Kind.SERVICE, Kind.ENDPOINTS),
          "default-ssl-certificate", List.of(Kind.SECRET),
          "publish-service", List.of(Kind.SERVICE));

  /**
   * The settings of a command line.
   *
   * @throws UsageException if flags contradict each other
   */
  static RunSettings of(Flags flags) throws UsageException {
    return of(flags, () -> SelfSignedCertificate.forDefault(Clock.systemUTC()));
  }

  /**
   * The same.
   *
   * @param certificate for hosts without one
   */
  static RunSettings of(Flags flags, Supplier<ServerCertificate> certificate)
      throws UsageException {
    FlagRules.check(flags);
    boolean folder = flags.isGiven("manifests");
    return new RunSettings(
        folder
            ? new Origin.Folder(Path.of(flags.text("manifests")))
            : new Origin.Cluster(
                cluster(flags), flags.duration("watch-time"), ReportFlags.of(flags)),
        new Sockets(
            BindAddresses.parse(flags.text("bind-address")).orElse(List.of()),
            folder && !flags.isGiven("http-port") ? FOLDER_HTTP_PORT : flags.number("http-port"),
            folder && !flags.isGiven("https-port") ? FOLDER_HTTPS_PORT : flags.number("https-port"),
            new Admin(
                flags.text("healthz-host"),
                flags.number("healthz-port"),
                flags.text("health-check-path")),
            webhook(flags),
            flags.text("transport"),
            Sizing.here(flags.number("event-loops")).eventLoops()),
        new ServiceLimits(
            flags.number("service-max-requests"),
            flags.number("service-max-pending"),
            flags.number("service-max-connections")),
        System.out,
        Ending.of(flags),
        translation(flags, folder, certificate),
        telemetry(flags));
  }

  /** The same, without grace period, access log and with this bound for requests in flight. */
  RunSettings endingWithin(Duration drain) {
    return new RunSettings(
        origin,
        sockets,
        service,
        OutputStream.nullOutputStream(),
        new Ending(Duration.ZERO, Optional.of(drain), Duration.ZERO),
        translation,
        telemetry);
  }

  private static Optional<Webhook> webhook(Flags flags) {
    if (!flags.isGiven("validating-webhook")) {
      return Optional.empty();
    }
    var address = flags.text("validating-webhook");
    int colon = address.lastIndexOf(':');
    return Optional.of(
        new Webhook(
            address.substring(0, colon).replaceAll("[\\[\\]]", ""),
            Integer.parseInt(address.substring(colon + 1)),
            Path.of(flags.text("validating-webhook-certificate")),
            Path.of(flags.text("validating-webhook-key"))));
  }

  private static ApiServerOptions cluster(Flags flags) {
    var namespaces = new EnumMap<Kind, Set<String>>(Kind.class);
    OBJECT_FLAGS.forEach(
        (flag, kinds) -> {
          for (var kind : kinds) {
            key(kind, flags, flag)
                .map(ObjectKey::namespace)
                .ifPresent(
                    name -> namespaces.computeIfAbsent(kind, k -> new TreeSet<>()).add(name));
          }
        });
    return new ApiServerOptions(
        flags.text("kubeconfig"),
        flags.text("apiserver-host"),
        flags.text("certificate-authority"),
        flags.text("watch-namespace"),
        namespaces);
  }

  private static TranslateOptions translation(
      Flags flags, boolean folder, Supplier<ServerCertificate> certificate) throws UsageException {
    return new TranslateOptions(
        new TranslateOptions.Classes(
            flags.text("controller-class"),
            flags.text("ingress-class"),
            flags.isOn("ingress-class-by-name"),
            flags.isOn("watch-ingress-without-class")),
        namespaces(flags),
        new TranslateOptions.References(
            key(Kind.CONFIG_MAP, flags, "configmap"),
            key(Kind.SERVICE, flags, "default-backend-service"),
            key(Kind.SECRET, flags, "default-ssl-certificate"),
            Optional.of(certificate.get())),
        new TranslateOptions.Switches(
            flags.isOn("disable-catch-all"),
            flags.isOn("disable-svc-external-name"),
            flags.isOn("deep-inspect"),
            folder,
            flags.text("unenforced-protection").equals("warn")
                ? TranslateOptions.UnenforcedProtection.WARN
                : TranslateOptions.UnenforcedProtection.CLOSE),
        flags.text("annotations-prefix"),
        flags.text("health-check-path"));
  }

  private static TelemetrySettings telemetry(Flags flags) throws UsageException {
    try {
      return new TelemetrySettings(
          new TelemetrySettings.Identity(
              System.getenv().getOrDefault("POD_NAMESPACE", ""),
              flags.text("controller-class"),
              System.getenv().getOrDefault("POD_NAME", "")),
          flags.isOn("enable-metrics"),
          hosts(flags),
          flags.isOn("report-status-classes"),
          new TelemetrySettings.Buckets(
              flags.decimals("time-buckets"),
              flags.decimals("length-buckets"),
              flags.decimals("size-buckets")),
          Set.copyOf(flags.words("exclude-socket-metrics")));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static TelemetrySettings.Hosts hosts(Flags flags) {
    if (flags.isOn("metrics-per-undefined-host")) {
      return TelemetrySettings.Hosts.ALL;
    }
    return flags.isOn("metrics-per-host")
        ? TelemetrySettings.Hosts.DEFINED
        : TelemetrySettings.Hosts.NONE;
  }

  private static WatchedNamespaces namespaces(Flags flags) throws UsageException {
    if (flags.isGiven("watch-namespace")) {
      return new WatchedNamespaces.Only(flags.text("watch-namespace"));
    }
    if (!flags.isGiven("watch-namespace-selector")) {
      return new WatchedNamespaces.All();
    }
    try {
      return new WatchedNamespaces.Labelled(
          LabelSelector.parse(flags.text("watch-namespace-selector")));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--watch-namespace-selector: " + e.getMessage());
    }
  }

  private static Optional<ObjectKey> key(Kind kind, Flags flags, String flag) {
    return flags.isGiven(flag)
        ? Optional.of(TranslateOptions.References.key(kind, flags.text(flag)))
        : Optional.empty();
  }
}
