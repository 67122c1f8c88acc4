package dev.weir.controller.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.ConfigMapResource;
import dev.weir.controller.resource.EndpointsResource;
import dev.weir.controller.resource.EndpointsResource.Address;
import dev.weir.controller.resource.EndpointsResource.Group;
import dev.weir.controller.resource.EndpointsResource.Port;
import dev.weir.controller.resource.IngressClassResource;
import dev.weir.controller.resource.NamespaceResource;
import dev.weir.controller.resource.SecretBytes;
import dev.weir.controller.resource.SecretResource;
import dev.weir.controller.resource.ServiceResource;
import dev.weir.controller.resource.ServiceResource.Type;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OtherKindsParserTest {
  private final TypedObjects objects = new TypedObjects();

  @Test
  void aServiceIsReadWithItsDefaults() {
    var service =
        objects.clean(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              clusterIP: 2001:DB8:0::1
              ports:
              - {port: 80}
              - {name: metrics, port: 81, targetPort: 9090, protocol: TCP}
              - {name: dns, port: 53, targetPort: dns-udp, protocol: UDP}
            """,
            ServiceResource.class);

    assertThat(service.type()).isEqualTo(Type.CLUSTER_IP);
    assertThat(service.clusterIp()).isEqualTo("2001:db8::1");
    assertThat(service.ports())
        .containsExactly(
            new ServiceResource.Port("", 80, "80", "TCP"),
            new ServiceResource.Port("metrics", 81, "9090", "TCP"),
            new ServiceResource.Port("dns", 53, "dns-udp", "UDP"));
  }

  @ParameterizedTest
  @CsvSource({
    "type: ClusterIP, CLUSTER_IP",
    "type: NodePort, NODE_PORT",
    "type: LoadBalancer, LOAD_BALANCER",
    "clusterIP: None, CLUSTER_IP",
    "clusterIP: '', CLUSTER_IP",
  })
  void everyTypeOfServiceIsRead(String field, Type type) {
    var service =
        objects.clean(
            "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {FIELD}}"
                .replace("FIELD", field),
            ServiceResource.class);

    assertThat(service.type()).isEqualTo(type);
  }

  @Test
  void anExternalNameIsLowerCaseWithoutItsLastDot() {
    var service =
        objects.clean(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: ExternalName, externalName: Api.Example.com.}
            """,
            ServiceResource.class);

    assertThat(service.type()).isEqualTo(Type.EXTERNAL_NAME);
    assertThat(service.externalName()).isEqualTo("api.example.com");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type: Magic | spec.type: \"Magic\" is not ClusterIP",
        "type: ExternalName | spec.externalName: is missing",
        "{type: ExternalName, externalName: a b} | spec.externalName: \"a b\" is not a DNS name",
      })
  void aServiceThatLeadsNowhereIsLost(String spec, String expected) {
    var parsed =
        objects.parse(
            "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: SPEC}"
                .replace("SPEC", spec.startsWith("{") ? spec : "{" + spec + "}"));

    assertThat(parsed.resource()).isEmpty();
    assertThat(TypedObjects.texts(parsed)).hasSize(1);
    assertThat(TypedObjects.texts(parsed).getFirst()).contains(expected);
  }

  @Test
  void aBadPortOrClusterIpLosesOnlyItself() {
    var parsed =
        objects.parse(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {clusterIP: nope, ports: [{port: 0}, {name: ok, port: 80}, {name: x}]}
            """);

    var service = (ServiceResource) parsed.resource().orElseThrow();
    assertThat(service.ports()).extracting(ServiceResource.Port::name).containsExactly("ok");
    assertThat(TypedObjects.texts(parsed))
        .satisfiesExactly(
            first -> assertThat(first).contains("spec.ports[0].port: \"0\" is not"),
            second -> assertThat(second).contains("spec.ports[2].port: is missing"),
            third -> assertThat(third).contains("spec.clusterIP: \"nope\" is neither"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"discovery.k8s.io/v1", "discovery.k8s.io/v1beta1"})
  void aSliceIsReadWithTheDefaultsOfItsConditions(String apiVersion) {
    var slice =
        objects.clean(
            """
            apiVersion: VERSION
            kind: EndpointSlice
            metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: "", port: 80, protocol: TCP}, {name: all}, {port: 81}]
            endpoints:
            - {addresses: [10.0.0.1]}
            - {addresses: [10.0.0.2], conditions: {ready: false}}
            - addresses: [10.0.0.3]
              conditions: {ready: false, serving: true, terminating: true}
              targetRef: {kind: Pod, uid: u3}
            - {addresses: [10.0.0.4, 10.0.0.5], conditions: {}}
            """
                .replace("VERSION", apiVersion),
            EndpointsResource.class);

    assertThat(slice.service()).isEqualTo("web");
    assertThat(slice.groups())
        .containsExactly(
            new Group(
                List.of(new Port("", 80, "TCP"), new Port("", 81, "TCP")),
                List.of(
                    new Address("10.0.0.1", true, true, false, "", ""),
                    new Address("10.0.0.2", false, false, false, "", ""),
                    new Address("10.0.0.3", false, true, true, "u3", ""),
                    new Address("10.0.0.4", true, true, false, "", ""),
                    new Address("10.0.0.5", true, true, false, "", ""))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "discovery.k8s.io/v1      | zone: z1",
        "discovery.k8s.io/v1      | deprecatedTopology: {topology.kubernetes.io/zone: z1}",
        "discovery.k8s.io/v1beta1 | topology: {topology.kubernetes.io/zone: z1}",
      })
  void theZoneIsFoundInOldAndNewSlices(String apiVersion, String zone) {
    var slice =
        objects.clean(
            """
            apiVersion: VERSION
            kind: EndpointSlice
            metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
            addressType: IPv6
            endpoints: [{addresses: ["FD00:0:0::1"], ZONE}]
            """
                .replace("VERSION", apiVersion)
                .replace("ZONE", zone),
            EndpointsResource.class);

    assertThat(slice.groups())
        .containsExactly(
            new Group(List.of(), List.of(new Address("fd00::1", true, true, false, "", "z1"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IPv4 | 999.0.0.1   | \"999.0.0.1\" is not an IPv4 address",
        "IPv4 | 10.0.0.01   | \"10.0.0.01\" is not an IPv4 address",
        "IPv4 | 10.1        | \"10.1\" is not an IPv4 address",
        "IPv4 | '::1'       | \"::1\" is not an IPv4 address",
        "IPv6 | 10.0.0.1    | \"10.0.0.1\" is not an IPv6 address",
        "IPv6 | 'fe80::1%2' | \"fe80::1%2\" is not an IPv6 address",
        "IPv6 | '[::1]'     | \"[::1]\" is not an IPv6 address",
        "IPv6 | ':'         | \":\" is not an IPv6 address",
      })
  void aBadAddressLosesOnlyItself(String family, String address, String expected) {
    var parsed =
        objects.parse(
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
            addressType: FAMILY
            endpoints: [{addresses: ["ADDRESS"]}, {addresses: ["GOOD"]}]
            """
                .replace("FAMILY", family)
                .replace("ADDRESS", address)
                .replace("GOOD", family.equals("IPv4") ? "10.0.0.9" : "::9"));

    var slice = (EndpointsResource) parsed.resource().orElseThrow();
    assertThat(slice.groups().getFirst().addresses()).hasSize(1);
    assertThat(TypedObjects.texts(parsed))
        .singleElement()
        .asString()
        .contains("endpoints[0].addresses[0]: " + expected);
  }

  @Test
  void aSliceOfHostNamesOrWithoutServiceHasNoEndpointsAndAFinding() {
    var fqdn =
        objects.parse(
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
            addressType: FQDN
            endpoints: [{addresses: [a.example.com]}]
            """);
    var nobodys =
        objects.parse(
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1}
            addressType: IPv4
            endpoints: [{addresses: [10.0.0.1]}]
            """);

    assertThat(((EndpointsResource) fqdn.resource().orElseThrow()).groups()).isEmpty();
    assertThat(TypedObjects.texts(fqdn)).singleElement().asString().contains("FQDN is not served");
    assertThat(((EndpointsResource) nobodys.resource().orElseThrow()).groups()).isEmpty();
    assertThat(TypedObjects.texts(nobodys))
        .singleElement()
        .asString()
        .contains("metadata.labels: have no kubernetes.io/service-name");
  }

  @Test
  void endpointsOfTheCoreGroupBecomeGroups() {
    var endpoints =
        objects.clean(
            """
            apiVersion: v1
            kind: Endpoints
            metadata: {name: web, namespace: store}
            subsets:
            - addresses: [{ip: 10.0.0.1, targetRef: {kind: Pod, uid: u1}}]
              notReadyAddresses: [{ip: 10.0.0.2}]
              ports: [{name: http, port: 8080}]
            - addresses: [{ip: "::1"}]
            """,
            EndpointsResource.class);

    assertThat(endpoints.service()).isEqualTo("web");
    assertThat(endpoints.groups())
        .containsExactly(
            new Group(
                List.of(new Port("http", 8080, "TCP")),
                List.of(
                    new Address("10.0.0.1", true, true, false, "u1", ""),
                    new Address("10.0.0.2", false, false, false, "", ""))),
            new Group(List.of(), List.of(new Address("::1", true, true, false, "", ""))));
  }

  @Test
  void aSecretIsDecodedAndNeverShown() {
    var parsed =
        objects.parse(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: auth}
            type: Opaque
            data: {auth: aHVudGVyMg==, bad: "hunter3!"}
            stringData: {text: hunter4}
            """);

    var secret = (SecretResource) parsed.resource().orElseThrow();
    assertThat(secret.data()).isEqualTo(Map.of("auth", bytes("hunter2"), "text", bytes("hunter4")));
    assertThat(secret.toString() + TypedObjects.texts(parsed)).doesNotContain("hunter");
    assertThat(TypedObjects.texts(parsed))
        .containsExactly(
            "error Secret default/auth data.bad: is not base64 (encode it, or put the text under"
                + " stringData)");
  }

  private static SecretBytes bytes(String text) {
    return SecretBytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type: helm.sh/release.v1",
        "type: kubernetes.io/service-account-token",
        "type: kubernetes.io/dockerconfigjson",
      })
  void secretsThatNoIngressNeedsAreNotKept(String type) {
    var parsed =
        objects.parse(
            "{apiVersion: v1, kind: Secret, metadata: {name: x}, TYPE, data: {a: YQ==}}"
                .replace("TYPE", type));

    assertThat(parsed).isEqualTo(new Parsed(java.util.Optional.empty(), List.of()));
  }

  @Test
  void entriesOfSecretsThatAreNeitherFilesNorHashesAreEmptied() {
    var large = "x".repeat(1025);
    var secret =
        objects.clean(
            """
            {apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {tls.crt: LARGE,
            tls.key: LARGE, ca.crt: LARGE, ca.crl: LARGE, auth: LARGE, keystore.jks: LARGE,
            user: "$2y$05$hash"}}
            """
                .replace("LARGE", large),
            SecretResource.class);
    var only =
        objects.clean(
            "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {users: LARGE}}"
                .replace("LARGE", large),
            SecretResource.class);

    assertThat(secret.data())
        .hasSize(7)
        .containsEntry("keystore.jks", bytes(""))
        .containsEntry("user", bytes("$2y$05$hash"));
    for (var file : List.of("tls.crt", "tls.key", "ca.crt", "ca.crl", "auth")) {
      assertThat(secret.data()).containsEntry(file, bytes(large));
    }
    assertThat(only.data()).as("the only entry may be a file").containsEntry("users", bytes(large));
  }

  @Test
  void entriesOfConfigMapsThatAreNeitherFieldsNorSettingsAreEmptied() {
    var large = "x".repeat(4097);
    var map =
        objects.clean(
            """
            {apiVersion: v1, kind: ConfigMap, metadata: {name: m}, data: {dashboard.json: LARGE,
            block-user-agents: LARGE, X-Field: short, Corefile: LARGE}}
            """
                .replace("LARGE", large),
            ConfigMapResource.class);

    assertThat(map.data())
        .containsEntry("dashboard.json", "\0")
        .containsEntry("Corefile", "\0")
        .containsEntry("block-user-agents", large)
        .containsEntry("X-Field", "short");
  }

  @ParameterizedTest
  @CsvSource({
    "Namespace, true, false",
    "Ingress, false, true",
    "Service, false, true",
    "ConfigMap, false, false"
  })
  void labelsAndAnnotationsAreKeptWhereTheyMeanSomething(
      String kind, boolean labels, boolean annotations) {
    var version = kind.equals("Ingress") ? "networking.k8s.io/v1" : "v1";
    var meta =
        objects
            .parse(
                """
                apiVersion: %s
                kind: %s
                metadata: {name: x, labels: {a: b}, annotations: {c: d}}
                spec: {}
                """
                    .formatted(version, kind))
            .resource()
            .orElseThrow()
            .meta();

    assertThat(meta.labels()).isEqualTo(labels ? Map.of("a", "b") : Map.of());
    assertThat(meta.annotations()).isEqualTo(annotations ? Map.of("c", "d") : Map.of());
  }

  @Test
  void configMapsClassesAndNamespacesAreRead() {
    var map =
        objects.clean(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: weir}, data: {a: b, c: ''}}",
            ConfigMapResource.class);
    var namespace =
        objects.clean(
            "{apiVersion: v1, kind: Namespace, metadata: {name: store, labels: {a: b}}}",
            NamespaceResource.class);
    var leaving =
        objects.clean(
            "{apiVersion: v1, kind: Namespace, metadata: {name: a}, status: {phase: Terminating}}",
            NamespaceResource.class);

    assertThat(map.data()).isEqualTo(Map.of("a", "b", "c", ""));
    assertThat(namespace.key()).hasToString("Namespace store");
    assertThat(namespace.meta().deleting()).isFalse();
    assertThat(leaving.meta().deleting()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"networking.k8s.io/v1", "networking.k8s.io/v1beta1"})
  void anIngressClassNamesItsController(String apiVersion) {
    var ingressClass =
        objects.clean(
            """
            apiVersion: VERSION
            kind: IngressClass
            metadata: {name: nginx}
            spec: {controller: k8s.io/ingress-nginx}
            """
                .replace("VERSION", apiVersion),
            IngressClassResource.class);

    assertThat(ingressClass.key()).hasToString("IngressClass nginx");
    assertThat(ingressClass.controller()).isEqualTo("k8s.io/ingress-nginx");
  }

  @Test
  void otherKindsGiveNothing() {
    var parsed = new ObjectParser().parse(new PodBuilder().withNewMetadata().endMetadata().build());

    assertThat(parsed).isEqualTo(new Parsed(java.util.Optional.empty(), List.of()));
  }
}
