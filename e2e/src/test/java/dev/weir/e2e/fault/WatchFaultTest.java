package dev.weir.e2e.fault;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.testsupport.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;

/** Watches fall silent, or tell things twice and in the wrong order (F4, F6). */
class WatchFaultTest {
  private static final int CLIENTS = 4;
  private static final int EVENTS = 500;

  private final Backend a = Backend.echo("a");
  private final Backend b = Backend.echo("b");
  private final Cluster cluster = new Cluster();

  WatchFaultTest() {
    cluster.api().apply(Objects.service(a) + Objects.service(b));
    cluster.api().apply(Objects.ingress("shop", "shop.test", "a"));
  }

  @AfterEach
  void close() {
    cluster.close();
    a.close();
    b.close();
  }

  /** Something that happened to an object, in its version of then. */
  private record Event(String type, ObjectNode object) {}

  @Fault("F4")
  void whatChangesWhileWatchesAreSilentIsServedAllTheSame(Injection fault) {
    var api = cluster.api();
    try (var weir = WeirProcess.run(cluster.flag(), "--watch-time=3s");
        var traffic = Traffic.of(weir, "shop.test", "GET", CLIENTS)) {
      weir.log().expect("went silent");
      for (int round = 1; fault.counted() < fault.figure(); round++) {
        Watches.await(api);
        Watches.RESOURCES.forEach(resource -> fault.add(api.stallWatches(resource)));
        var now = round % 2 == 0 ? "a" : "b";
        api.apply(Objects.ingress("shop", "shop.test", now));
        weir.awaitBackend("shop.test", "/", now);
      }
      weir.log().await("went silent");
      traffic.finish();
      assertThat(traffic.failures()).isEmpty();
      assertThat(api.count("list", "ingresses")).isEqualTo(1);
    }
  }

  @Fault("F6")
  void theNewestStateIsServedInWhateverOrderEventsCome(Injection fault) {
    var api = cluster.api();
    long seed = Seed.get();
    var random = new Random(seed);
    var stored = api.apply(template());
    api.delete("ingresses", "default", "template");
    try (var weir = cluster.run();
        var traffic = Traffic.of(weir, "shop.test", "GET", CLIENTS)) {
      for (int round = 1; fault.counted() < fault.figure(); round++) {
        Watches.await(api, "ingresses");
        var newest = new TreeMap<String, String>();
        var events = history((ObjectNode) stored, round * 10_000, random, newest);
        int repeated = EVENTS / 4;
        events.addAll(events.subList(0, repeated));
        Collections.shuffle(events, random);
        events.forEach(event -> api.send("ingresses", event.type(), event.object()));
        fault.add(events.size());
        var last = ingress((ObjectNode) stored, "last", round * 10_000 + EVENTS + 1);
        api.send("ingresses", "ADDED", last);
        var hosts = new TreeSet<>(newest.values());
        hosts.remove("");
        hosts.add("v" + (round * 10_000 + EVENTS + 1) + ".test");
        hosts.add("shop.test");
        WeirProcess.eventually("the newest state, seed " + seed, () -> hosts(weir), hosts::equals);
        // None of it is so: a list has the last word.
        api.expireWatches("ingresses");
        WeirProcess.eventually("the list", () -> hosts(weir), Set.of("shop.test")::equals);
      }
      traffic.finish();
      assertThat(traffic.failures()).as("seed %d", seed).isEmpty();
    }
  }

  private ObjectNode template() {
    var shop = (ObjectNode) requireNonNull(cluster.api().get("ingresses", "default", "shop"));
    var copy = shop.deepCopy();
    copy.withObjectProperty("metadata").put("name", "template").remove("uid");
    copy.withObjectProperty("metadata").remove("resourceVersion");
    return copy;
  }

  /** Objects that come, change and go; the host that each has in the end, empty for none. */
  private static List<Event> history(
      ObjectNode template, int base, Random random, Map<String, String> newest) {
    var events = new ArrayList<Event>();
    for (int version = base + 1; version <= base + EVENTS; version++) {
      var name = "i" + random.nextInt(20);
      boolean deleted = random.nextInt(4) == 0;
      events.add(new Event(deleted ? "DELETED" : "MODIFIED", ingress(template, name, version)));
      newest.put(name, deleted ? "" : "v" + version + ".test");
    }
    return events;
  }

  private static ObjectNode ingress(ObjectNode template, String name, int version) {
    var object = template.deepCopy();
    object
        .withObjectProperty("metadata")
        .put("name", name)
        .put("uid", "uid-" + name)
        .put("resourceVersion", Integer.toString(version));
    ((ObjectNode) object.at("/spec/rules/0")).put("host", "v" + version + ".test");
    return object;
  }

  private static Set<String> hosts(WeirProcess weir) {
    return weir.admin("/debug/routes")
        .text()
        .lines()
        .filter(line -> line.startsWith("host "))
        .map(line -> line.split(" ", -1)[1])
        .filter(host -> host.endsWith(".test"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
