package dev.weir.controller.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.IngressResource.Backend;
import dev.weir.controller.resource.IngressResource.Path;
import dev.weir.controller.resource.IngressResource.PathType;
import dev.weir.controller.resource.IngressResource.PortRef;
import dev.weir.controller.resource.IngressResource.Rule;
import dev.weir.controller.resource.IngressResource.Tls;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IngressParserTest {
  private static final String BACKEND = "backend: {service: {name: web, port: {number: 80}}}";

  private static final String COMPLETE =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: shop
        namespace: store
        uid: 0b1
        resourceVersion: "17"
        creationTimestamp: 2025-01-31T12:00:00Z
        labels: {team: a}
        annotations:
          x/y: "true"
          kubectl.kubernetes.io/last-applied-configuration: "{...}"
        managedFields: [{manager: kubectl}]
      spec:
        ingressClassName: nginx
        defaultBackend: {resource: {apiGroup: k8s.example.com, kind: Bucket, name: files}}
        tls: [{hosts: [Shop.Example.com, "*.example.com"], secretName: cert}, {}]
        rules:
        - host: SHOP.example.com
          http:
            paths:
            - {path: /a, pathType: Exact, backend: {service: {name: web, port: {number: 80}}}}
            - {path: /b, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}
            - pathType: ImplementationSpecific
              backend: {service: {name: web, port: {number: 80}}}
        - host: "*.example.com"
      """;

  private final TypedObjects objects = new TypedObjects();

  @Test
  void everyFieldOfTheMetadataIsRead() {
    var ingress = objects.clean(COMPLETE, IngressResource.class);

    assertThat(ingress.key()).hasToString("Ingress store/shop");
    assertThat(ingress.ref().uid()).isEqualTo("0b1");
    assertThat(ingress.meta().resourceVersion()).isEqualTo("17");
    assertThat(ingress.meta().created()).isEqualTo("2025-01-31T12:00:00Z");
    assertThat(ingress.meta().deleting()).isFalse();
    assertThat(ingress.meta().labels()).as("nobody reads them").isEmpty();
    assertThat(ingress.meta().annotations()).containsOnlyKeys("x/y");
  }

  @Test
  void everyFieldOfTheSpecIsRead() {
    var ingress = objects.clean(COMPLETE, IngressResource.class);

    assertThat(ingress.className()).isEqualTo("nginx");
    assertThat(ingress.defaultBackend()).contains(new Backend.OfResource("Bucket files"));
    assertThat(ingress.tls())
        .containsExactly(
            new Tls(List.of("shop.example.com", "*.example.com"), "cert"), new Tls(List.of(), ""));
    var http = new Backend.OfService("web", new PortRef.Number(80));
    var named = new Backend.OfService("web", new PortRef.Name("http"));
    assertThat(ingress.rules())
        .containsExactly(
            new Rule(
                "shop.example.com",
                List.of(
                    new Path("/a", PathType.EXACT, http, "spec.rules[0].http.paths[0]"),
                    new Path("/b", PathType.PREFIX, named, "spec.rules[0].http.paths[1]"),
                    new Path(
                        "",
                        PathType.IMPLEMENTATION_SPECIFIC,
                        http,
                        "spec.rules[0].http.paths[2]"))),
            new Rule("*.example.com", List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"networking.k8s.io/v1beta1", "extensions/v1beta1"})
  void oldVersionsGiveTheSameRecord(String apiVersion) {
    var ingress =
        objects.clean(
            """
            apiVersion: VERSION
            kind: Ingress
            metadata: {name: shop, namespace: store}
            spec:
              ingressClassName: nginx
              backend: {serviceName: fallback, servicePort: http}
              rules:
              - host: shop.example.com
                http:
                  paths:
                  - {path: /a, backend: {serviceName: web, servicePort: 80}}
                  - {path: /b, pathType: Exact, backend: {serviceName: web, servicePort: "80"}}
            """
                .replace("VERSION", apiVersion),
            IngressResource.class);

    var web = new Backend.OfService("web", new PortRef.Number(80));
    assertThat(ingress.className()).isEqualTo("nginx");
    assertThat(ingress.defaultBackend())
        .contains(new Backend.OfService("fallback", new PortRef.Name("http")));
    assertThat(ingress.rules().getFirst().paths())
        .containsExactly(
            new Path("/a", PathType.IMPLEMENTATION_SPECIFIC, web, "spec.rules[0].http.paths[0]"),
            new Path("/b", PathType.EXACT, web, "spec.rules[0].http.paths[1]"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "path: /x, pathType: prefix, BACKEND | [1].pathType: \"prefix\" is not Exact, Prefix or",
        "path: x, pathType: Prefix, BACKEND | [1].path: \"x\" does not start with '/'",
        "pathType: Exact, BACKEND | [1].path: \"\" does not start with '/'",
        "path: \"/a\\nb\", pathType: Exact, BACKEND | [1].path: \"/a?b\" contains a control char",
        "path: /x, pathType: Exact | [1].backend: is missing",
        "path: /x, pathType: Exact, backend: {} | [1].backend: names no Service",
        "path: /x, pathType: Exact, backend: {service: {port: {number: 1}}} | .name: is missing",
        "path: /x, pathType: Exact, backend: {service: {name: web}} | .service.port: has neither",
        "path: /x, pathType: Exact, backend: {service: {name: web, port: {number: 70000}}}"
            + " | .number: \"70000\" is not the expected whole number from 1 to 65535",
        "path: /x, pathType: Exact, backend: {service: {name: w, port: {number: 1, name: a}}}"
            + " | .port: has both a number and a name",
        "path: /x, pathType: Exact, backend: {service: {name: w, port: {name: A_B}}}"
            + " | .port.name: \"A_B\" is not the name of a port",
        "path: /x, pathType: Exact, backend: {service: {name: W/x, port: {number: 1}}}"
            + " | .service.name: \"W/x\" is not the name of a Service",
      })
  void aBadPathIsReportedAndLosesOnlyItself(String path, String expected) {
    var parsed =
        objects.parse(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: shop}
            spec:
              rules:
              - http:
                  paths:
                  - {path: /first, pathType: Prefix, BACKEND}
                  - {PATH}
                  - {path: /last, pathType: Prefix, BACKEND}
            """
                .replace("PATH", path)
                .replace("BACKEND", BACKEND));

    var ingress = (IngressResource) parsed.resource().orElseThrow();
    assertThat(ingress.rules().getFirst().paths())
        .extracting(Path::path)
        .containsExactly("/first", "/last");
    assertThat(TypedObjects.texts(parsed)).hasSize(1);
    assertThat(TypedObjects.texts(parsed).getFirst())
        .startsWith("error Ingress default/shop spec.rules[0].http.paths[1]")
        .contains(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "*           | leave the host out",
        "10.0.0.1    | is an address, not a host name",
        "2001:db8::1 | is an address, not a host name",
        "a_b.example | is not a host name",
        "a..b        | is not a host name",
        "*.*.b       | is not a host name",
        "bücher.de   | write it in its xn-- form",
        "shop.de/a   | is not a host name",
        "shop.de:80  | is not a host name",
      })
  void aBadHostIsReportedAndLosesItsRuleOnly(String host, String expected) {
    var parsed =
        objects.parse(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: shop}
            spec: {rules: [{host: "HOST"}, {host: good.example.}], tls: [{hosts: ["HOST", a.b]}]}
            """
                .replace("HOST", host));

    var ingress = (IngressResource) parsed.resource().orElseThrow();
    assertThat(ingress.rules()).containsExactly(new Rule("good.example", List.of()));
    assertThat(ingress.tls()).containsExactly(new Tls(List.of("a.b"), ""));
    assertThat(TypedObjects.texts(parsed))
        .hasSize(2)
        .allSatisfy(text -> assertThat(text).contains(expected));
  }

  @Test
  void aBadDefaultBackendLeavesTheRules() {
    var parsed =
        objects.parse(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: shop}
            spec: {defaultBackend: {service: {name: web}}, rules: [{host: a.b}]}
            """);

    var ingress = (IngressResource) parsed.resource().orElseThrow();
    assertThat(ingress.defaultBackend()).isEqualTo(Optional.empty());
    assertThat(ingress.rules()).hasSize(1);
    assertThat(TypedObjects.texts(parsed))
        .containsExactly(
            "error Ingress default/shop spec.defaultBackend.service.port: has neither a number nor"
                + " a name (add one of them)");
  }
}
