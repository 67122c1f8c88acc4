package dev.weir.e2e.bench;

import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.Objects;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Routes with none and with many of the features that people combine, each with a host of its own
 * before one Service. Every request says the same on each of them and is let through by all, so
 * that what differs is the work of the features alone.
 */
final class FilterRoutes {
  /**
   * One thing that an Ingress asks for.
   *
   * @param annotations without prefix
   */
  record Feature(String name, Map<String, String> annotations) {}

  /** A route with the first so many features uses those of all smaller ones, too. */
  static final List<Integer> COUNTS = List.of(0, 1, 5, 10);

  /** In the order in which they are added. */
  static final List<Feature> FEATURES =
      List.of(
          feature("allowlist", "allowlist-source-range", "10.0.0.0/8,192.168.0.0/16,127.0.0.0/8"),
          new Feature(
              "CORS", Map.of("enable-cors", "true", "cors-allow-origin", "https://app.bench.test")),
          feature("body limit", "proxy-body-size", "8m"),
          feature("rate limit", "limit-rps", "1000000"),
          feature("host for the upstream", "upstream-vhost", "inner.bench.test"),
          new Feature("rewrite", Map.of("use-regex", "true", "rewrite-target", "/inner/$1")),
          feature("prefix for the upstream", "x-forwarded-prefix", "/app"),
          new Feature("basic auth", Map.of("auth-type", "basic", "auth-secret", "users")),
          feature("custom errors", "custom-http-errors", "502,503"),
          feature("custom headers", "custom-headers", "default/reply-fields"));

  /** What every request carries besides its host. */
  static final List<String> FIELDS =
      List.of("Origin: https://app.bench.test", "Authorization: Basic Zm9vOmJhcg==");

  static final String PATH = "/app/page?n=1";

  /** That path as a request of a client, with {@link #FIELDS} or without. */
  static byte[] request(int features, boolean complete) {
    var lines = complete ? String.join("\r\n", FIELDS) + "\r\n" : "";
    return ("GET " + PATH + " HTTP/1.1\r\nHost: " + host(features) + "\r\n" + lines + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** What annotations refer to. */
  private static String referred() {
    var file = "foo:$apr1$saltsalt$HZb7DO9JU4769Nu3n58bv.".getBytes(StandardCharsets.US_ASCII);
    return """
    ---
    apiVersion: v1
    kind: Secret
    metadata: {name: users, namespace: default}
    data: {auth: %s}
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: reply-fields, namespace: default}
    data: {X-Frame-Options: DENY, X-Content-Type-Options: nosniff}
    """
        .formatted(Base64.getEncoder().encodeToString(file));
  }

  private FilterRoutes() {}

  private static Feature feature(String name, String annotation, String value) {
    return new Feature(name, Map.of(annotation, value));
  }

  /** The host of the route with so many features. */
  static String host(int features) {
    return "f" + features + ".bench.test";
  }

  /** Names of the features that the route with so many has and the one before it has not. */
  static String added(int features) {
    int before = COUNTS.stream().filter(count -> count < features).reduce(0, Math::max);
    return IntStream.range(before, features)
        .mapToObj(i -> FEATURES.get(i).name())
        .collect(Collectors.joining(", "));
  }

  /** Writes all objects. */
  static void write(ManifestFolder manifests, int backendPort) {
    var text = new StringBuilder(referred());
    text.append(Objects.service("web", List.of("127.0.0.1"), backendPort));
    for (int count : COUNTS) {
      var ingress = Ingress.named("f" + count).host(host(count));
      var features = FEATURES.subList(0, count);
      features.forEach(feature -> feature.annotations().forEach(ingress::setting));
      boolean regex = features.stream().anyMatch(f -> f.annotations().containsKey("use-regex"));
      text.append(
          regex
              ? ingress.path("/app/(.*)", "ImplementationSpecific", "web").yaml()
              : ingress.prefix("/app", "web").yaml());
    }
    text.append(
        Objects.configMap(
            "keep-alive-requests: \"0\", ssl-redirect: \"false\", disable-access-log: \"true\","
                + " upstream-keepalive-connections: \"64\","
                + " global-allowed-response-headers: \"X-Frame-Options,X-Content-Type-Options\""));
    manifests.write("filters.yaml", text.toString());
  }
}
