package dev.weir.controller.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.ConfigMapResource;
import dev.weir.controller.resource.EndpointsResource;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.ServiceResource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ManifestReaderTest {
  private final ManifestReader reader = new ManifestReader();

  private ManifestFile read(String file, String text) {
    return reader.read(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> names(ManifestFile file) {
    return file.objects().stream().map(object -> object.resource().key().toString()).toList();
  }

  private static List<String> texts(ManifestFile file) {
    return file.findings().stream().map(Finding::text).toList();
  }

  @Test
  void severalDocumentsAndEmptyOnesAreRead() {
    var file =
        read(
            "a.yaml",
            """
            # a comment
            ---
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: one}}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: two, creationTimestamp: null}
            ...
            """);

    assertThat(names(file)).containsExactly("Namespace one", "ConfigMap default/two");
    assertThat(texts(file)).isEmpty();
    assertThat(file.objects().get(1).place()).isEqualTo("a.yaml:6:1");
  }

  @Test
  void aDumpIsReadItemByItem() {
    var file =
        read(
            "dump.yml",
            """
            apiVersion: v1
            items:
            - apiVersion: v1
              kind: Namespace
              metadata: {name: one}
            - {apiVersion: v1, kind: Namespace, metadata: {name: two, name: three}}
            - apiVersion: v1
              kind: List
              items: [{apiVersion: v1, kind: Namespace, metadata: {name: four}}]
            kind: List
            metadata: {resourceVersion: ""}
            ---
            apiVersion: networking.k8s.io/v1
            kind: IngressList
            items:
            - metadata: {name: five}
              spec: {rules: []}
            """);

    assertThat(names(file))
        .containsExactly("Namespace one", "Namespace four", "Ingress default/five");
    assertThat(texts(file))
        .containsExactly(
            "error file dump.yml dump.yml:6:59: the key \"name\" stands here for the second time");
    assertThat(file.broken()).isTrue();
  }

  @Test
  void jsonIsReadWithSeveralValuesAndTabs() {
    var file =
        read(
            "a.json",
            """
            {
            \t"apiVersion": "v1", "kind": "List", "items": [
            \t\t{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "one"}}
            \t]
            }
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": 2}}
            """);

    assertThat(names(file)).containsExactly("Namespace one");
    assertThat(texts(file))
        .containsExactly(
            "error Namespace 2 metadata.name: \"2\" is not the expected text at a.json:6:64 (put"
                + " it in quotes)");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a.yaml | a: [1, 2 | a.yaml:6:1: expected ',' or ']'",
        "a.yaml | a: b: c | a.yaml:5:5: mapping values are not allowed here",
        "a.yaml | a: @b | a.yaml:5:4: found character '@'",
        "a.yaml | a: !vault x | a.yaml:5:4: the tag \"!vault\" is not supported",
        "a.yaml | [kind] | a.yaml:5:1: this is no Kubernetes object",
        "a.yaml | text | a.yaml:5:1: this is no Kubernetes object: kind is missing",
        "a.yaml | kind: Service | a.yaml:5:1: this is no Kubernetes object: apiVersion is missing",
        "a.yaml | {kind: Ingress, apiVersion: v1} | Ingress is not a kind of apiVersion \"v1\"",
        "a.yaml | {? [a] : b} | a.yaml:5:4: a key must be plain text",
        "a.yaml | a: *missing | a.yaml:5:4: there is no anchor &missing before this alias",
      })
  void badTextIsReportedWithItsPlaceAndLosesNothingBeforeIt(
      String name, String text, String expected) {
    var file =
        read(
            name,
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: one}
            ---
            TEXT
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: two}}
            """
                .replace("TEXT", text));

    assertThat(names(file)).startsWith("Namespace one");
    assertThat(texts(file)).isNotEmpty();
    assertThat(texts(file).getFirst()).startsWith("error file ").contains(expected);
    assertThat(file.broken()).isTrue();
  }

  @Test
  void badFieldsAreReportedWithTheirPlace() {
    var file =
        read(
            "shop.yaml",
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: shop
            spec:
              rules:
              - host: shop.example.com
                http:
                  paths:
                  - path: /
                    pathType: Prefix
                    backend: {service: {name: web, port: {number: http}}}
            """);

    assertThat(names(file)).containsExactly("Ingress default/shop");
    assertThat(texts(file))
        .containsExactly(
            "error Ingress default/shop"
                + " spec.rules[0].http.paths[0].backend.service.port.number: \"http\" is not the"
                + " expected whole number from 1 to 65535 at shop.yaml:12:55 (write it without"
                + " quotes)");
    assertThat(file.broken()).isFalse();
  }

  @Test
  void kindsThatWeirDoesNotReadAreCountedOncePerKind() {
    var file =
        read(
            "a.yaml",
            """
            {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}
            ---
            {apiVersion: apps/v1, kind: Deployment, metadata: {name: b}}
            ---
            {apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: b}}
            """);

    assertThat(file.objects()).isEmpty();
    assertThat(file.broken()).isFalse();
    assertThat(texts(file))
        .containsExactly(
            "info file a.yaml a.yaml: 2 of kind Deployment (apps/v1) not read by Weir",
            "info file a.yaml a.yaml: 1 of kind Service (serving.knative.dev/v1) not read by Weir");
  }

  @Test
  void anchorsAndMergeKeysWorkAsWithKubectl() {
    var file =
        read(
            "a.yaml",
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: a}
            spec:
              rules:
              - host: a.example
                http: &http
                  paths:
                  - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
              - host: b.example
                http: *http
              - host: c.example
                http: {<<: *http}
            """);

    assertThat(texts(file)).isEmpty();
    var ingress = (IngressResource) file.objects().getFirst().resource();
    assertThat(ingress.rules()).hasSize(3).allMatch(rule -> rule.paths().size() == 1);
  }

  @Test
  void aliasesThatBlowUpLoseTheirDocumentOnly() {
    var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      var alias = "*a" + (i - 1);
      bomb.append("a%d: &a%d [%s]%n".formatted(i, i, String.join(", ", List.of(alias, alias))));
    }
    var file =
        read("a.yaml", bomb + "---\n{apiVersion: v1, kind: Namespace, metadata: {name: two}}\n");

    assertThat(names(file)).containsExactly("Namespace two");
    assertThat(texts(file)).singleElement().asString().contains("aliases repeat more than");
  }

  @Test
  void depthWithoutEndLosesItsDocumentOnly() {
    var deep = "a: " + "[".repeat(1000) + "]".repeat(1000);
    var file =
        read("a.yaml", deep + "\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: two}}\n");

    assertThat(names(file)).containsExactly("Namespace two");
    assertThat(texts(file)).singleElement().asString().contains("deeper than 200 levels");
  }

  @Test
  void textThatIsNotUtf8IsReportedWithItsPlace() {
    var file = reader.read("a.yaml", new byte[] {'a', ':', '\n', 'b', (byte) 0xff});

    assertThat(texts(file)).containsExactly("error file a.yaml a.yaml:2:2: the text is not UTF-8");
  }

  @Test
  void aControlCharacterIsReportedWithItsPlace() {
    var file = read("a.yaml", "a: b\nc: \u0001");

    assertThat(texts(file))
        .containsExactly("error file a.yaml a.yaml:2:4: this character must not stand in YAML");
  }

  @Test
  void valuesWithoutQuotesAreTakenAsTextWithAWarning() {
    var file =
        read(
            "a.yaml",
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: weir}
            data: {use-port-in-redirects: true, size: 8, text: "yes"}
            """);

    assertThat(((ConfigMapResource) file.objects().getFirst().resource()).data())
        .containsEntry("use-port-in-redirects", "true")
        .containsEntry("size", "8");
    assertThat(texts(file))
        .hasSize(2)
        .first()
        .asString()
        .isEqualTo(
            "warning ConfigMap default/weir data.use-port-in-redirects: is taken as text; the API"
                + " server refuses it without quotes at a.yaml:4:31 (put it in quotes)");
  }

  @Test
  void aServiceMayNameItsEndpoints() {
    var file =
        read(
            "a.yaml",
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              annotations: {weir.dev/endpoints: "127.0.0.1:9001, [::1]:9002"}
            spec: {ports: [{name: http, port: 80}, {name: alt, port: 81}]}
            """);

    assertThat(texts(file)).isEmpty();
    var endpoints = file.objects().getFirst().standIn().orElseThrow();
    assertThat(endpoints.service()).isEqualTo("web");
    assertThat(endpoints.groups().getFirst().ports())
        .containsExactly(
            new EndpointsResource.Port("http", 9001, "TCP"),
            new EndpointsResource.Port("alt", 9001, "TCP"));
    assertThat(endpoints.groups())
        .flatExtracting(EndpointsResource.Group::addresses)
        .extracting(EndpointsResource.Address::ip)
        .containsExactly("127.0.0.1", "::1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "127.0.0.1           | \"127.0.0.1\" is not an address with a port",
        "localhost:80        | \"localhost:80\" is not an address with a port",
        "127.0.0.1:0         | is not an address with a port",
        "127.0.0.1:70000     | is not an address with a port",
        "::1:80              | is not an address with a port",
        "127.0.0.1:80,       | \"\" is not an address with a port",
      })
  void badEndpointsOfAServiceAreReportedAndTheServiceStays(String value, String expected) {
    var file =
        read(
            "a.yaml",
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web, annotations: {weir.dev/endpoints: "VALUE"}}
            spec: {ports: [{port: 80}]}
            """
                .replace("VALUE", value));

    assertThat(names(file)).containsExactly("Service default/web");
    assertThat(file.objects().getFirst().standIn()).isEmpty();
    assertThat(texts(file))
        .singleElement()
        .asString()
        .contains("metadata.annotations.weir.dev/endpoints: ", expected, "a.yaml:3:");
  }

  @Test
  void localhostIsAnExternalNameHere() {
    var file =
        read(
            "a.yaml",
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: ExternalName, externalName: localhost, ports: [{port: 80, targetPort: 3000}]}
            """);

    assertThat(texts(file)).isEmpty();
    var object = file.objects().getFirst();
    assertThat(((ServiceResource) object.resource()).type())
        .isEqualTo(ServiceResource.Type.CLUSTER_IP);
    assertThat(object.standIn().orElseThrow().groups())
        .containsExactly(
            new EndpointsResource.Group(
                List.of(new EndpointsResource.Port("", 3000, "TCP")),
                List.of(new EndpointsResource.Address("127.0.0.1", true, true, false, "", ""))));
  }
}
