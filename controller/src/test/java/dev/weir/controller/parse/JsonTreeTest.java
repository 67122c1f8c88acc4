package dev.weir.controller.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Items of a list are read as single objects are, without what nobody reads. */
final class JsonTreeTest {
  private static final String GROUP = "networking.k8s.io/v1";

  private final ObjectMapper mapper = new ObjectMapper();
  private final ObjectParser parser = new ObjectParser();

  private JsonParser at(String text) throws IOException {
    var json = mapper.getFactory().createParser(text);
    json.nextToken();
    return json;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"metadata": {"name": "a", "namespace": "b", "uid": "u", "resourceVersion": "7",
          "creationTimestamp": "2025-01-31T12:00:00Z", "annotations": {"x/y": "z"},
          "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {}}}]},
         "spec": {"ingressClassName": "nginx", "tls": [{"hosts": ["h.test"], "secretName": "s"}],
          "rules": [{"host": "h.test", "http": {"paths": [{"path": "/", "pathType": "Prefix",
            "backend": {"service": {"name": "w", "port": {"number": 80}}}}]}}, {}, null]}}
        """,
        """
        {"metadata": {"name": "a", "namespace": "b"}, "spec": {"rules": [{"host": 3}, {"host": true},
          {"http": {"paths": [{"path": "/", "backend": {"service": {"name": "w"}}}]}}]}}
        """,
        "{}",
        """
        {"metadata": null, "spec": []}\
        """
      })
  void itIsWhatASingleObjectIs(String text) throws IOException {
    var item = parser.parseItem(at(text), GROUP, "Ingress").orElseThrow();
    var single = (ObjectNode) mapper.readTree(text);

    assertThat(item.parsed())
        .isEqualTo(parser.parse(single.put("apiVersion", GROUP).put("kind", "Ingress")));
    assertThat(item.name()).isEqualTo(single.at("/metadata/name").asText());
    assertThat(item.namespace()).isEqualTo(single.at("/metadata/namespace").asText());
    assertThat(item.version()).isEqualTo(single.at("/metadata/resourceVersion").asText());
  }

  @Test
  void whatIsNeverReadIsNotKept() throws IOException {
    var tree =
        JsonTree.read(
            at(
                """
                {"metadata": {"managedFields": [{"a": [1]}], "annotations": {
                  "kubectl.kubernetes.io/last-applied-configuration": "{}", "b": "c"}}}
                """));

    assertThat(tree.toString())
        .contains("annotations", "text=c")
        .doesNotContain("managedFields", "last-applied");
  }

  @Test
  void nestingWithoutEndIsCutOff() throws IOException {
    var json = at("[".repeat(900) + "]".repeat(900) + " 1");

    assertThat(JsonTree.read(json)).isInstanceOf(Tree.Sequence.class);
    assertThat(json.nextToken().isNumeric()).as("all of it was read").isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"metadata\": {\"name\": ", "{\"a\": nonsense}", "[1, 2"})
  void brokenTextIsSaidToBeSo(String text) {
    assertThatThrownBy(() -> parser.parseItem(at(text), GROUP, "Ingress"))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void anItemThatIsNoObjectIsNone() throws IOException {
    assertThat(parser.parseItem(at("[1]"), GROUP, "Ingress")).isEmpty();
  }
}
