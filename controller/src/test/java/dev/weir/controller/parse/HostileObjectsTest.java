package dev.weir.controller.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.controller.resource.Finding;
import dev.weir.testsupport.Seed;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an object or a text looks like, there is a result and no exception. */
final class HostileObjectsTest {
  private static final int ROUNDS = 3000;

  private final ObjectMapper mapper = new ObjectMapper();
  private final ObjectParser parser = new ObjectParser();
  private final ManifestReader reader = new ManifestReader();

  private static final String INGRESS =
      """
      {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
       "metadata": {"name": "shop", "namespace": "store", "annotations": {"a": "b"},
         "creationTimestamp": "2025-01-31T12:00:00Z"},
       "spec": {"ingressClassName": "nginx", "tls": [{"hosts": ["a.b"], "secretName": "s"}],
         "defaultBackend": {"service": {"name": "web", "port": {"number": 80}}},
         "rules": [{"host": "a.b", "http": {"paths": [{"path": "/", "pathType": "Prefix",
           "backend": {"service": {"name": "web", "port": {"name": "http"}}}}]}}]}}
      """;
  private static final String OLD_INGRESS =
      """
      {"apiVersion": "extensions/v1beta1", "kind": "Ingress", "metadata": {"name": "shop"},
       "spec": {"backend": {"serviceName": "web", "servicePort": "http"}, "rules": [
         {"http": {"paths": [{"backend": {"serviceName": "web", "servicePort": 80}}]}}]}}
      """;
  private static final String SERVICE =
      """
      {"apiVersion": "v1", "kind": "Service",
       "metadata": {"name": "web", "annotations": {"weir.dev/endpoints": "127.0.0.1:9001"}},
       "spec": {"type": "ClusterIP", "clusterIP": "10.0.0.1", "externalName": "a.b", "ports": [
         {"name": "http", "port": 80, "targetPort": "web", "protocol": "TCP"}]}}
      """;
  private static final String SLICE =
      """
      {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
       "metadata": {"name": "web-1", "labels": {"kubernetes.io/service-name": "web"}},
       "ports": [{"name": "http", "port": 80, "protocol": "TCP"}], "endpoints": [
         {"addresses": ["10.0.0.1"], "conditions": {"ready": true, "serving": false},
          "targetRef": {"uid": "u"}, "zone": "z", "deprecatedTopology": {"a": "b"}}]}
      """;
  private static final String ENDPOINTS =
      """
      {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "web"},
       "subsets": [{"addresses": [{"ip": "10.0.0.1", "targetRef": {"uid": "u"}}],
         "notReadyAddresses": [{"ip": "::1"}], "ports": [{"port": 80}]}]}
      """;
  private static final String SECRET =
      """
      {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "type": "Opaque",
       "data": {"a": "YQ=="}, "stringData": {"b": "c"}}
      """;
  private static final String OTHERS =
      """
      {"apiVersion": "v1", "kind": "List", "items": [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "s"}, "data": {"a": "b"}},
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "s"}, "status": {"phase": "x"}},
        {"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": {"name": "s"},
         "spec": {"controller": "k8s.io/ingress-nginx"}}]}
      """;

  @ParameterizedTest
  @ValueSource(strings = {INGRESS, OLD_INGRESS, SERVICE, SLICE, ENDPOINTS, SECRET, OTHERS})
  void anyMutationOfAnObjectGivesAResult(String text) throws IOException {
    long seed = Seed.get();
    var random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      var object = mapper.readTree(text);
      for (int i = random.nextInt(3); i >= 0; i--) {
        mutate(object, random);
      }
      var mutated = object.toString();
      assertThatCode(
              () -> {
                check(parser.parse(object).findings(), mutated);
                check(reader.read("a.json", bytes(mutated)).findings(), mutated);
                check(reader.read("a.yaml", bytes(mutated)).findings(), mutated);
              })
          .as("seed %d, round %d: %s", seed, round, mutated)
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {INGRESS, SERVICE, OTHERS})
  void anyDamageToTheTextGivesAResult(String text) {
    long seed = Seed.get();
    var random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      var damaged = bytes(text);
      for (int i = random.nextInt(4); i >= 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      var cut = Arrays.copyOf(damaged, random.nextInt(damaged.length));
      assertThatCode(
              () -> {
                reader.read("a.json", damaged);
                reader.read("a.yaml", damaged);
                reader.read("a.json", cut);
                reader.read("a.yaml", cut);
              })
          .as("seed %d, round %d: %s", seed, round, new String(damaged, StandardCharsets.UTF_8))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void nullsInsideTypedObjectsGiveAResult() {
    var ingress =
        new IngressBuilder()
            .withNewMetadata()
            .withName("shop")
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();
    ingress.getSpec().setRules(new ArrayList<>(Arrays.asList(null, null)));
    ingress.getSpec().setTls(new ArrayList<>(Arrays.asList(null, null)));
    var map = new ConfigMapBuilder().withNewMetadata().withName("m").endMetadata().build();
    var data = new HashMap<String, String>();
    data.put(null, "x");
    map.setData(data);

    assertThat(parser.parse(ingress).resource()).isPresent();
    assertThat(parser.parse(ingress).findings()).hasSize(4);
    assertThat(parser.parse(map).findings()).hasSize(1);
    assertThat(parser.parse(new Ingress()).findings()).hasSize(1);
    var bare = new ConfigMap();
    bare.setMetadata(null);
    assertThat(parser.parse(bare).findings()).hasSize(1);
  }

  private static void check(List<Finding> findings, String object) {
    for (var finding : findings) {
      assertThat(finding.text()).as(object).doesNotContain("\n").hasSizeLessThan(2000);
    }
    assertThat(findings).as(object).hasSizeLessThan(200);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void mutate(JsonNode root, Random random) {
    var containers = new ArrayList<JsonNode>();
    collect(root, containers);
    switch (containers.get(random.nextInt(containers.size()))) {
      case ObjectNode object when !object.isEmpty() -> {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        var name = names.get(random.nextInt(names.size()));
        switch (random.nextInt(4)) {
          case 0 -> object.remove(name);
          case 1 -> object.set(text(random), object.get(name));
          default -> object.set(name, value(random));
        }
      }
      case ArrayNode array when !array.isEmpty() && random.nextBoolean() ->
          array.set(random.nextInt(array.size()), value(random));
      case ArrayNode array -> array.add(value(random));
      default -> {}
    }
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }

  private static JsonNode value(Random random) {
    var nodes = JsonNodeFactory.instance;
    return switch (random.nextInt(10)) {
      case 0 -> nodes.nullNode();
      case 1 -> nodes.numberNode(random.nextInt());
      case 2 -> nodes.numberNode(random.nextLong());
      case 3 -> nodes.numberNode(random.nextDouble());
      case 4 -> nodes.booleanNode(random.nextBoolean());
      case 5 -> nodes.arrayNode().add(text(random)).addNull();
      case 6 -> nodes.objectNode().put(text(random), text(random));
      case 7 -> nodes.textNode("x".repeat(random.nextInt(10_000)));
      case 8 -> nodes.textNode("");
      default -> nodes.textNode(text(random));
    };
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(
          switch (random.nextInt(5)) {
            case 0 -> "./:*%[]-_~\\\"'{}$ \n\t".charAt(random.nextInt(19));
            case 1 -> random.nextInt(32);
            case 2 -> 0x80 + random.nextInt(0xD700);
            default -> 'a' + random.nextInt(26);
          });
    }
    return text.toString();
  }
}
