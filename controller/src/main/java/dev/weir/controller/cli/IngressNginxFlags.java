package dev.weir.controller.cli;

import static dev.weir.controller.cli.FlagSpec.inert;
import static dev.weir.controller.cli.FlagSpec.later;
import static dev.weir.controller.cli.FlagSpec.now;
import static dev.weir.controller.cli.FlagType.ABSOLUTE_PATH;
import static dev.weir.controller.cli.FlagType.COUNT;
import static dev.weir.controller.cli.FlagType.DECIMAL;
import static dev.weir.controller.cli.FlagType.DECIMALS;
import static dev.weir.controller.cli.FlagType.DURATION;
import static dev.weir.controller.cli.FlagType.FILE;
import static dev.weir.controller.cli.FlagType.HOST_AND_PORT;
import static dev.weir.controller.cli.FlagType.NAMESPACE;
import static dev.weir.controller.cli.FlagType.NAMESPACE_AND_NAME;
import static dev.weir.controller.cli.FlagType.PORT;
import static dev.weir.controller.cli.FlagType.SECONDS;
import static dev.weir.controller.cli.FlagType.SWITCH;
import static dev.weir.controller.cli.FlagType.TEXT;

import java.util.List;

/** The flags of ingress-nginx, with its names and defaults; all of them are accepted. */
final class IngressNginxFlags {
  /** What is served. */
  static final List<FlagSpec> SCOPE =
      List.of(
          now("configmap", NAMESPACE_AND_NAME, "", "ConfigMap with global settings."),
          now(
              "ingress-class",
              TEXT,
              "nginx",
              "Value of the annotation kubernetes.io/ingress.class."),
          now(
              "controller-class",
              TEXT,
              "k8s.io/ingress-nginx",
              "spec.controller of our IngressClasses."),
          now(
              "ingress-class-by-name",
              SWITCH,
              "false",
              "Also serve the IngressClass named like --ingress-class."),
          now(
              "watch-ingress-without-class",
              SWITCH,
              "false",
              "Serve Ingresses that name no class."),
          now("watch-namespace", NAMESPACE, "", "Serve the Ingresses of this namespace only."),
          now(
              "watch-namespace-selector",
              TEXT,
              "",
              "Serve the Ingresses of namespaces with these labels only."),
          now(
              "annotations-prefix",
              TEXT,
              "nginx.ingress.kubernetes.io",
              "Prefix of annotation names."),
          now(
              "default-backend-service",
              NAMESPACE_AND_NAME,
              "",
              "Service for requests that match no rule; its first port. One that is missing is a"
                  + " finding."),
          now(
              "default-ssl-certificate",
              NAMESPACE_AND_NAME,
              "",
              "Secret with the certificate for hosts without their own."),
          now("disable-catch-all", SWITCH, "false", "Ignore Ingresses with spec.defaultBackend."),
          now(
              "disable-svc-external-name",
              SWITCH,
              "false",
              "Services of type ExternalName have no endpoints."),
          now(
              "deep-inspect",
              SWITCH,
              "true",
              "Refuse Ingresses whose names and paths look like an injection."),
          later(
              "enable-annotation-validation", SWITCH, "true", "Check annotation values strictly."),
          later("enable-topology-aware-routing", SWITCH, "false", "Prefer endpoints of this zone."),
          later(
              "tcp-services-configmap",
              NAMESPACE_AND_NAME,
              "",
              "ConfigMap with TCP ports to forward."),
          later(
              "udp-services-configmap",
              NAMESPACE_AND_NAME,
              "",
              "ConfigMap with UDP ports to forward."),
          later("enable-ssl-passthrough", SWITCH, "false", "Relay TLS connections by server name."),
          later("ssl-passthrough-proxy-port", PORT, "442", "Port of the relay; not needed here."),
          later(
              "enable-ssl-chain-completion",
              SWITCH,
              "false",
              "Fetch missing intermediate certificates."));

  /** Where it listens and how it ends. */
  static final List<FlagSpec> PROCESS =
      List.of(
          now("http-port", PORT, "80", "Port for HTTP (8080 with --manifests)."),
          now("https-port", PORT, "443", "Port for HTTPS (8443 with --manifests)."),
          now("healthz-port", PORT, "10254", "Port of health checks and metrics."),
          now("healthz-host", TEXT, "", "Address of that port; all if empty."),
          now("health-check-path", ABSOLUTE_PATH, "/healthz", "Path of the health check."),
          inert("health-check-timeout", SECONDS, "10", "The health check asks no other process."),
          now(
              "shutdown-grace-period",
              SECONDS,
              "0",
              "How long to go on serving, unready, after SIGTERM."),
          now(
              "post-shutdown-grace-period",
              SECONDS,
              "10",
              "How long the admin port answers after the last reply (0 outside a pod)."),
          now("apiserver-host", TEXT, "", "URL of the API server, for use without kubeconfig."),
          now(
              "kubeconfig",
              FILE,
              "",
              "Kubeconfig file; without it the pod's service account is used."),
          now("certificate-authority", FILE, "", "CA file for --apiserver-host."),
          inert("default-server-port", PORT, "8181", "404 answers need no second server."),
          inert("status-port", PORT, "10246", "There is no second process to ask."),
          inert("stream-port", PORT, "10247", "There is no second process to ask."),
          inert(
              "internal-logger-address",
              TEXT,
              "127.0.0.1:11514",
              "The log goes to standard output."),
          inert("profiling", SWITCH, "true", "Java Flight Recorder takes the place of pprof."),
          inert("profiler-port", PORT, "10245", "Java Flight Recorder takes the place of pprof."),
          inert(
              "profiler-address",
              TEXT,
              "127.0.0.1",
              "Java Flight Recorder takes the place of pprof."),
          inert(
              "sync-rate-limit",
              DECIMAL,
              "0.3",
              "A change is live at once and costs what changed."),
          inert("sync-period", DURATION, "0", "Watches are resumed or relisted when they break."),
          inert(
              "dynamic-configuration-retries",
              COUNT,
              "15",
              "Applying a change can't fail half-way."),
          inert(
              "disable-full-test",
              SWITCH,
              "false",
              "There is no generated configuration to test."));

  /** What it tells the cluster. */
  static final List<FlagSpec> CLUSTER =
      List.of(
          now(
              "publish-service",
              NAMESPACE_AND_NAME,
              "",
              "Service whose addresses are written to Ingress status."),
          now("publish-status-address", TEXT, "", "Addresses that are written to Ingress status."),
          now(
              "report-node-internal-ip-address",
              SWITCH,
              "false",
              "Write internal node addresses to Ingress status."),
          now("update-status", SWITCH, "true", "Write Ingress status."),
          now(
              "update-status-on-shutdown",
              SWITCH,
              "true",
              "Clear Ingress status when the last replica ends."),
          now(
              "status-update-interval",
              SECONDS,
              "60",
              "How often Ingress status is compared, 5 at least."),
          now("election-id", TEXT, "ingress-controller-leader", "Name of the Lease of the leader."),
          now("election-ttl", DURATION, "30s", "Duration of that Lease, 1s at least."),
          now("disable-leader-election", SWITCH, "false", "Take no Lease and write no status."),
          now("disable-sync-events", SWITCH, "false", "Write no Sync events."),
          now("validating-webhook", HOST_AND_PORT, "", "Address of the admission webhook."),
          now(
              "validating-webhook-certificate",
              FILE,
              "",
              "Certificate of the admission webhook, PEM; may come later and change."),
          now("validating-webhook-key", FILE, "", "Key of the admission webhook, PEM."),
          later("maxmind-license-key", TEXT, "", "Licence key for GeoIP databases."),
          later("maxmind-mirror", TEXT, "", "Mirror for GeoIP databases."),
          later(
              "maxmind-edition-ids",
              TEXT,
              "GeoLite2-City,GeoLite2-ASN",
              "GeoIP databases to fetch."),
          later("maxmind-retries-count", COUNT, "1", "Tries to fetch GeoIP databases."),
          later("maxmind-retries-timeout", DURATION, "0s", "Pause between these tries."));

  /** What it measures. */
  static final List<FlagSpec> METRICS =
      List.of(
          now("enable-metrics", SWITCH, "false", "Count requests by Ingress on /metrics."),
          now("metrics-per-host", SWITCH, "true", "Request metrics have the label host."),
          now(
              "metrics-per-undefined-host",
              SWITCH,
              "false",
              "Count requests for hosts without rules, too."),
          now("report-status-classes", SWITCH, "false", "The label status is 2xx instead of 200."),
          now(
              "time-buckets",
              DECIMALS,
              "0.005,0.01,0.025,0.05,0.1,0.25,0.5,1,2.5,5,10",
              "Buckets of durations, seconds."),
          now(
              "length-buckets",
              DECIMALS,
              "10,20,30,40,50,60,70,80,90,100",
              "Buckets of request and reply sizes."),
          now(
              "size-buckets",
              DECIMALS,
              "10,100,1000,10000,100000,1000000,10000000",
              "Buckets of bytes sent."),
          later("bucket-factor", DECIMAL, "0", "Growth factor of native histograms."),
          later("max-buckets", COUNT, "100", "Most buckets of a native histogram."),
          now("exclude-socket-metrics", TEXT, "", "Names of request metrics to leave out."),
          inert(
              "monitor-max-batch-size",
              COUNT,
              "10000",
              "Requests are counted where they are served."));

  private IngressNginxFlags() {}
}
