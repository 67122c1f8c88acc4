package dev.weir.controller.status;

import static dev.weir.controller.status.Cluster.until;
import static dev.weir.controller.status.Replica.address;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.e2e.apiserver.ApiRequest;
import dev.weir.e2e.apiserver.Faults;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events, as replicas on one API server write them. */
class EventsTest {
  private static final String BAD =
      "nginx.ingress.kubernetes.io/proxy-body-size: 'a lot', nginx.ingress.kubernetes.io/nonsense:"
          + " x";

  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private Replica start(String pod) {
    return Replica.start(cluster.server, Replica.settings(pod, address("192.0.2.7")));
  }

  private void settings(String data) {
    cluster.server.apply(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, namespace: ingress}
        data: {%s}
        """
            .formatted(data));
  }

  private long count(String line) {
    return cluster.events().stream().filter(line::equals).count();
  }

  /** The first Sync Event. */
  private JsonNode sync() {
    return cluster.server.requests("create", "events").stream()
        .map(ApiRequest::body)
        .filter(event -> event.path("reason").asText().equals("Sync"))
        .findFirst()
        .orElseThrow();
  }

  private long patches() {
    return cluster.server.count("patch", "events");
  }

  @Test
  void anIngressIsScheduledWhenItComesAndWhenItAsksForSomethingElse() {
    cluster.ingress("shop");
    cluster.ingress("theirs", "other", "theirs.example.com", "a: b");
    try (var _ = start("a")) {
      until(() -> count("Normal Sync Ingress shop: Scheduled for sync") == 1);
      cluster.awaitStatus("shop", "192.0.2.7");
      assertThat(patches()).as("its status is nothing that it asks for").isZero();
      cluster.ingress("shop", "nginx", "new.example.com", "a: b");
      until(() -> patches() > 0);
      cluster.ingress("later");
      until(() -> count("Normal Sync Ingress later: Scheduled for sync") == 1);
    }
    assertThat(cluster.events()).noneMatch(line -> line.contains("theirs"));
    var event = sync();
    assertThat(event.at("/source/component").asText()).isEqualTo("nginx-ingress-controller");
    assertThat(event.at("/involvedObject/uid").asText())
        .isEqualTo(
            Objects.requireNonNull(cluster.server.get("ingresses", "default", "shop"))
                .at("/metadata/uid")
                .asText());
    var stored =
        Objects.requireNonNull(
            cluster.server.get("events", "default", event.at("/metadata/name").asText()));
    assertThat(stored.path("count").asInt()).isEqualTo(2);
  }

  @Test
  void theConfigMapIsToldOfItsCreationAndItsChanges() {
    settings("keep-alive: '75'");
    try (var _ = start("a")) {
      until(() -> count("Normal CREATE ConfigMap settings: ConfigMap ingress/settings") == 1);
      settings("keep-alive: '60'");
      until(() -> count("Normal UPDATE ConfigMap settings: ConfigMap ingress/settings") == 1);
    }
  }

  @Test
  void aFindingIsAWarningOnItsObjectThatSaysWhatToDo() {
    cluster.ingress("shop", "nginx", "shop.example.com", BAD);
    try (var _ = start("a")) {
      until(
          () ->
              cluster.events().stream()
                  .anyMatch(
                      line ->
                          line.startsWith(
                              "Warning AnnotationParsingFailed Ingress shop:"
                                  + " nginx.ingress.kubernetes.io/proxy-body-size: \"a lot\" is not"
                                  + " valid (expected: ")));
      until(
          () ->
              cluster.events().stream()
                  .anyMatch(
                      line ->
                          line.startsWith(
                              "Warning AnnotationNotInEffect Ingress shop:"
                                  + " nginx.ingress.kubernetes.io/nonsense: is not known")));
    }
  }

  @Test
  void findingsOfOtherControllersIngressesAreTheirs() {
    cluster.ingress("theirs", "other", "theirs.example.com", BAD);
    cluster.ingress("shop");
    try (var _ = start("a")) {
      until(() -> count("Normal Sync Ingress shop: Scheduled for sync") == 1);
    }
    assertThat(cluster.events()).noneMatch(line -> line.contains("theirs"));
  }

  @Test
  void twoReplicasSayItOnceAndANewLeaderDoesNotSayItAgain() {
    cluster.ingress("shop", "nginx", "shop.example.com", BAD);
    var warning = "Warning AnnotationNotInEffect Ingress shop";
    try (var a = start("a");
        var b = start("b")) {
      until(() -> cluster.events().stream().anyMatch(line -> line.startsWith(warning)));
      until(() -> a.leads() || b.leads());
      var first = a.leads() ? a : b;
      var second = a.leads() ? b : a;
      first.close();
      until(second::leads);
      cluster.ingress("later");
      until(() -> count("Normal Sync Ingress later: Scheduled for sync") == 1);
    }
    assertThat(patches()).isZero();
    var names =
        cluster.server.requests("create", "events").stream()
            .map(request -> request.body().at("/metadata/name").asText())
            .collect(Collectors.toSet());
    assertThat(cluster.server.size("events")).isEqualTo(names.size());
    assertThat(senders(warning)).as("a new leader offers what stands").isNotEmpty();
  }

  private Set<String> senders(String warning) {
    return cluster.server.requests("create", "events").stream()
        .filter(request -> request.body().path("type").asText().equals(warning.split(" ", -1)[0]))
        .map(Cluster::sender)
        .collect(Collectors.toSet());
  }

  @Test
  void syncEventsCanBeSwitchedOff() {
    cluster.ingress("shop", "nginx", "shop.example.com", BAD);
    var settings = Replica.settings("a", address("192.0.2.7"));
    try (var _ =
        Replica.start(
            cluster.server,
            new ReportSettings(
                settings.pod(),
                false,
                settings.election(),
                settings.status(),
                false,
                settings.settings()))) {
      until(() -> cluster.events().size() >= 2);
    }
    assertThat(cluster.events()).noneMatch(line -> line.contains("Sync"));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500})
  void whatTheServerCantTakeNowIsWrittenLater(int code) {
    cluster.ingress("shop");
    cluster
        .server
        .faults()
        .answer(Faults.on("create", "events"), 2, code, Map.of("Retry-After", "1"));
    try (var _ = start("a")) {
      until(() -> stored().contains("Sync"));
    }
  }

  private List<String> stored() {
    return cluster.server.requests("create", "events").stream()
        .map(ApiRequest::body)
        .filter(
            event ->
                cluster.server.get(
                        "events",
                        event.at("/metadata/namespace").asText(),
                        event.at("/metadata/name").asText())
                    != null)
        .map(event -> event.path("reason").asText())
        .toList();
  }

  @Test
  void withoutTheRightTheRestWorksAndEventsAreWrittenOnceItIsGiven() {
    cluster.ingress("shop");
    cluster.server.faults().answer(Faults.on("create", "events"), Faults.ALWAYS, 403);
    try (var a = start("a")) {
      cluster.awaitStatus("shop", "192.0.2.7");
      until(() -> a.metric("weir_events_total{result=\"failed\"}") > 0);
      cluster.server.faults().clear();
      cluster.ingress("later");
      until(() -> stored().contains("Sync"));
    }
  }

  @Test
  void aNamespaceThatGoesIsNoMissingRight() {
    var name = "shop".repeat(60);
    cluster.ingress(name, "nginx", "shop.example.com", "a: b");
    var message =
        ("events %1$s.0123456789abcdef is forbidden: unable to create new content in namespace"
                + " %2$s because it is being terminated")
            .formatted(name, "n".repeat(63));
    cluster
        .server
        .faults()
        .answer(
            Faults.on("create", "events"),
            1,
            403,
            "{\"kind\": \"Status\", \"code\": 403, \"message\": \"" + message + "\"}");
    try (var warnings = new WarningLines();
        var a = start("a")) {
      until(() -> a.metric("weir_events_total{result=\"failed\"}") == 1);
      cluster.ingress("later");
      until(() -> count("Normal Sync Ingress later: Scheduled for sync") == 1);
      assertThat(warnings.of(name)).isEmpty();
    }
  }

  @Test
  void anEventThatTheServerHasForgottenIsMadeAgain() {
    cluster.ingress("shop");
    try (var _ = start("a")) {
      until(() -> count("Normal Sync Ingress shop: Scheduled for sync") > 0);
      var name = sync().at("/metadata/name").asText();
      until(() -> cluster.server.get("events", "default", name) != null);
      long before = count("Normal Sync Ingress shop: Scheduled for sync");
      cluster.server.delete("events", "default", name);
      cluster.ingress("shop", "nginx", "new.example.com", "a: b");
      until(() -> count("Normal Sync Ingress shop: Scheduled for sync") > before);
    }
  }
}
