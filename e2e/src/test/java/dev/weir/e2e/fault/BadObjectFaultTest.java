package dev.weir.e2e.fault;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.testsupport.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;

/** An Ingress full of nonsense (F24). */
class BadObjectFaultTest {
  private static final int CLIENTS = 4;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<JsonNode> NONSENSE =
      List.of(
          JSON.nullNode(),
          JSON.textNode(""),
          JSON.textNode(" "),
          JSON.textNode("\u0000\n"),
          JSON.textNode("../../etc/passwd"),
          JSON.textNode("/%zz"),
          JSON.textNode("((((("),
          JSON.textNode("{{ $x }};"),
          JSON.textNode("*.*.*"),
          JSON.textNode("x".repeat(70_000)),
          JSON.numberNode(-1),
          JSON.numberNode(1e300),
          JSON.booleanNode(true),
          JSON.arrayNode(),
          JSON.arrayNode().add(JSON.nullNode()).add(7),
          JSON.objectNode(),
          JSON.objectNode().put("name", 5));

  private final Backend backend = Backend.echo("a");
  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
    backend.close();
  }

  /** Has something in every field that can be spoiled. */
  private ObjectNode sound() {
    var yaml =
        Ingress.named("bad")
            .setting("proxy-body-size", "8m")
            .setting("rewrite-target", "/$1")
            .setting("server-alias", "alias.bad.test")
            .setting("auth-type", "basic")
            .setting("whitelist-source-range", "10.0.0.0/8")
            .setting("configuration-snippet", "deny all;")
            .defaultBackend("a")
            .tls("nothing", "bad.test")
            .host("bad.test")
            .prefix("/", "a")
            .exact("/exact", "a:http")
            .host("*.bad.test")
            .path("/(.*)", "ImplementationSpecific", "a")
            .yaml();
    cluster.api().apply(yaml);
    var stored = (ObjectNode) requireNonNull(cluster.api().get("ingresses", "default", "bad"));
    var copy = stored.deepCopy();
    copy.withObjectProperty("metadata").remove("resourceVersion");
    return copy;
  }

  /** The same with a few fields spoiled. */
  private static ObjectNode spoiled(ObjectNode sound, Random random) {
    var object = sound.deepCopy();
    for (int n = random.nextInt(3); n >= 0; n--) {
      var places = new ArrayList<Runnable>();
      collect(object.path("spec"), random, places);
      collect(object.at("/metadata/annotations"), random, places);
      if (!places.isEmpty()) {
        places.get(random.nextInt(places.size())).run();
      }
    }
    if (random.nextInt(20) == 0) {
      object.set("spec", pick(random));
    }
    return object;
  }

  private static void collect(JsonNode node, Random random, List<Runnable> places) {
    if (node instanceof ObjectNode object) {
      for (var field : object.properties()) {
        places.add(() -> object.set(field.getKey(), pick(random)));
        places.add(() -> object.remove(field.getKey()));
        collect(field.getValue(), random, places);
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int place = i;
        places.add(() -> array.set(place, pick(random)));
        collect(array.get(i), random, places);
      }
    }
  }

  private static JsonNode pick(Random random) {
    return NONSENSE.get(random.nextInt(NONSENSE.size())).deepCopy();
  }

  /** What is served of the sound hosts, by host. */
  private static Map<String, String> served(WeirProcess weir) {
    var sections = new TreeMap<String, String>();
    var host = "";
    for (var line : weir.admin("/debug/routes").text().lines().toList()) {
      if (line.startsWith("host ")) {
        host = line.split(" ", -1)[1];
      } else if (line.isEmpty()) {
        host = "";
      }
      if (host.startsWith("sound-")) {
        sections.merge(host, line + "\n", String::concat);
      }
    }
    return sections;
  }

  @Fault("F24")
  void anIngressFullOfNonsenseHurtsNoOther(Injection fault) {
    var api = cluster.api();
    int others = fault.figure() > 60 ? 1000 : 50;
    api.apply(Objects.service(backend));
    for (int i = 0; i < others; i++) {
      api.apply(Objects.ingress("sound-" + i, "sound-" + i + ".test", "a"));
    }
    long seed = Seed.get();
    var random = new Random(seed);
    var sound = sound();
    try (var weir = cluster.run();
        var traffic = Traffic.of(weir, "sound-0.test", "GET", CLIENTS)) {
      var before = served(weir);
      assertThat(before).hasSize(others);
      for (int i = 0; fault.counted() < fault.figure(); i++) {
        api.apply(spoiled(sound, random));
        if (i % 10 == 0) {
          api.expireWatches("ingresses"); // and it comes once more, with all the others
        }
        // What comes after it is served, so it has been looked at.
        api.apply(Objects.ingress("mark", "mark-" + i + ".test", "a"));
        weir.awaitStatus("mark-" + i + ".test", "/", 200);
        assertThat(served(weir)).as("seed %d, object %d", seed, i).isEqualTo(before);
        if (weir.admin("/debug/findings").text().contains("default/bad")) {
          fault.count();
        }
      }
      traffic.finish();
      assertThat(traffic.failures()).as("seed %d", seed).isEmpty();
    }
  }
}
