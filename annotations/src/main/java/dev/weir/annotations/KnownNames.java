package dev.weir.annotations;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names that users may meet and no feature declares yet; a feature that comes takes its own out.
 */
public final class KnownNames {
  /** Annotations that are not in effect yet. None of them protects; limits only spare a Service. */
  static final Map<String, Risk> PENDING_ANNOTATIONS =
      Map.copyOf(
          byRisk(
              Map.of(
                  Risk.LOW,
"""
            affinity affinity-canary-behavior canary-weight canary-weight-total
            client-body-buffer-size connection-proxy-header cors-allow-credentials
            cors-max-age
            enable-access-log enable-cors enable-opentelemetry enable-rewrite-log
            from-to-www-redirect http2-push-preload limit-allowlist limit-burst-multiplier
            limit-connections limit-rate limit-rate-after limit-rpm limit-rps
            limit-whitelist mirror-request-body opentelemetry-trust-incoming-span
            permanent-redirect-code proxy-buffer-size proxy-buffering proxy-buffers-number
            proxy-busy-buffers-size proxy-http-version proxy-max-temp-file-size
            proxy-request-buffering
            proxy-ssl-protocols proxy-ssl-server-name proxy-ssl-verify-depth
            relative-redirects service-upstream session-cookie-change-on-failure
            session-cookie-conditional-samesite-none session-cookie-samesite
            session-cookie-secure ssl-ciphers ssl-prefer-server-ciphers
            temporal-redirect-code upstream-hash-by-subset upstream-hash-by-subset-size
            upstream-vhost use-port-in-redirects use-regex
""",
                  Risk.MEDIUM,
"""
            affinity-mode app-root canary-by-cookie canary-by-header
            canary-by-header-pattern canary-by-header-value cors-allow-headers
            cors-allow-methods cors-allow-origin cors-expose-headers custom-headers
            fastcgi-index fastcgi-params-configmap opentelemetry-operation-name
            preserve-trailing-slash proxy-cookie-domain proxy-cookie-path
            proxy-redirect-from proxy-redirect-to proxy-ssl-ciphers
            session-cookie-domain session-cookie-expires
            session-cookie-max-age session-cookie-name session-cookie-path
            x-forwarded-prefix
""",
                  Risk.HIGH,
"""
            mirror-host mirror-target proxy-ssl-name server-alias upstream-hash-by
""",
                  Risk.CRITICAL,
                  "stream-snippet")));

  /** Annotations of old releases: without effect there, too. */
  static final Set<String> OBSOLETE_ANNOTATIONS =
      words(
"""
            add-base-url base-url-scheme configmap enable-opentracing grpc-backend
            opentracing-trust-incoming-span secure-backends session-cookie-hash
""");

  /** Beginnings of annotations of old releases. */
  static final List<String> OBSOLETE_FAMILIES =
      List.of("global-rate-limit", "enable-influxdb", "influxdb-", "lua-resty-waf", "ssl-client-");

  /** ConfigMap keys that are not in effect yet. */
  public static final Set<String> PENDING_KEYS =
      words(
"""
            access-log-params access-log-path add-headers allow-backend-server-header
            allow-snippet-annotations brotli-level
            brotli-min-length brotli-types client-body-buffer-size client-header-buffer-size
            default-type disable-access-log
            disable-http-access-log disable-stream-access-log
            enable-access-log-for-default-backend enable-auth-access-log enable-brotli
            enable-ocsp enable-opentelemetry enable-syslog
            enable-underscores-in-headers error-log-level error-log-path
            generate-request-id geoip2-autoreload-in-minutes
            global-allowed-response-headers
            grpc-buffer-size-kb
            gzip-disable gzip-level gzip-min-length gzip-types hide-headers hsts
            hsts-include-subdomains hsts-max-age hsts-preload http-access-log-path
            http2-max-concurrent-streams ignore-invalid-headers large-client-header-buffers
            limit-conn-status-code limit-conn-zone-variable limit-rate limit-rate-after
            limit-req-status-code log-format-escape-json log-format-escape-none
            log-format-stream log-format-upstream main-snippet nginx-status-ipv4-whitelist
            nginx-status-ipv6-whitelist opentelemetry-operation-name
            opentelemetry-trust-incoming-span otel-sampler otel-sampler-parent-based
            otel-sampler-ratio otel-service-name otlp-collector-host otlp-collector-port
            preserve-trailing-slash proxy-add-original-uri-header proxy-buffer-size
            proxy-buffering proxy-buffers-number proxy-busy-buffers-size proxy-cookie-domain
            proxy-cookie-path proxy-http-version proxy-max-temp-file-size
            proxy-redirect-from
            proxy-redirect-to proxy-request-buffering proxy-set-headers
            proxy-ssl-location-only proxy-stream-next-upstream
            proxy-stream-next-upstream-timeout proxy-stream-next-upstream-tries
            proxy-stream-responses proxy-stream-timeout relative-redirects
            server-tokens service-upstream skip-access-log-urls
            ssl-buffer-size ssl-ciphers ssl-dh-param ssl-early-data ssl-ecdh-curve
            ssl-protocols ssl-reject-handshake ssl-session-cache ssl-session-cache-size
            ssl-session-ticket-key ssl-session-tickets ssl-session-timeout
            stream-access-log-path stream-snippet strict-validate-path-type syslog-host
            syslog-port upstream-hash-by upstream-keepalive-time
            use-geoip2 use-gzip use-http2 worker-shutdown-timeout
""");

  /** ConfigMap keys that only say something to nginx, or that are read when the program starts. */
  public static final Set<String> SILENT_KEYS =
      words(
"""
            bind-address debug-connections disable-ipv6 disable-ipv6-dns enable-aio-write
            enable-multi-accept enable-opentracing enable-serial-reloads enable-vts-status
            http2-max-field-size http2-max-header-size http2-max-requests lua-shared-dicts
            map-hash-bucket-size max-worker-connections max-worker-open-files plugins
            reuse-port use-geoip worker-cpu-affinity worker-processes
""");

  /** Beginnings of such keys. */
  public static final List<String> SILENT_FAMILIES =
      List.of(
          "server-name-hash-",
          "proxy-headers-hash-",
          "variables-hash-",
          "zipkin-",
          "jaeger-",
          "datadog-",
          "global-rate-limit");

  private KnownNames() {}

  private static Map<String, Risk> byRisk(Map<Risk, String> texts) {
    var risks = new HashMap<String, Risk>();
    texts.forEach((risk, text) -> words(text).forEach(name -> risks.put(name, risk)));
    return risks;
  }

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }
}
