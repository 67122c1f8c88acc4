package dev.weir.controller.source;

import static dev.weir.controller.source.ApiServerFixture.ingress;
import static dev.weir.controller.source.ApiServerFixture.until;
import static dev.weir.controller.source.ApiServerSourceTest.hostOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.controller.resource.Kind;
import dev.weir.e2e.apiserver.ApiRequest;
import dev.weir.e2e.apiserver.Faults;
import dev.weir.testsupport.Seed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiServerFaultsTest {
  @TempDir private Path folder;

  @Test
  void aForgottenVersionLeadsToANewListAndNothingIsTakenBackMeanwhile() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.apply(ingress("default", "stays", "a.example"));
      fixture.server.apply(ingress("default", "goes", "b.example"));
      var source = fixture.start();
      fixture.awaitWatching();
      fixture.server.faults().hold(Faults.on("watch", "ingresses"), 1);
      fixture.server.dropWatches("ingresses");
      until(() -> fixture.server.count("watch", "ingresses") == 2);
      fixture.server.delete("ingresses", "default", "goes");
      fixture.server.compact("ingresses");
      fixture.server.stop();
      fixture.server.start();
      until(() -> fixture.delivered.count(Kind.INGRESS) == 1);
      assertThat(fixture.delivered.removed()).hasSize(1);
      assertThat(fixture.delivered.removed().getFirst().name()).isEqualTo("goes");
      assertThat(fixture.server.count("list", "ingresses")).isEqualTo(2);
      assertThat(source.states().getFirst().counts().relists()).isEqualTo(1);
      assertThat(fixture.delivered.synced()).isEqualTo(1);
    }
  }

  @Test
  void aHundredExpiredWatchesTakeNothingBack() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.apply(ingress("default", "stays", "a.example"));
      fixture.start();
      fixture.awaitWatching();
      for (int round = 2; round <= 101; round++) {
        int lists = round;
        fixture.server.expireWatches("ingresses");
        until(() -> fixture.server.count("list", "ingresses") == lists);
        until(() -> fixture.server.openWatches("ingresses") == 1);
        var host = "h" + round + ".example";
        fixture.server.apply(ingress("default", "changes", host));
        until(() -> hostOf(fixture, "changes").equals(host));
      }
      assertThat(fixture.delivered.removed()).isEmpty();
    }
  }

  @Test
  void anAnswer410ToAWatchLeadsToANewListToo() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.faults().answer(Faults.on("watch", "ingresses"), 1, 410);
      fixture.start();
      fixture.awaitWatching();
      assertThat(fixture.server.count("list", "ingresses")).isEqualTo(2);
    }
  }

  @Test
  void anErrorEventOtherThan410IsRetriedWithoutANewList() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.start();
      fixture.awaitWatching();
      var status = ApiServerFixture.object("{\"kind\": \"Status\", \"code\": 500}");
      fixture.server.send("ingresses", "ERROR", status);
      until(() -> fixture.server.count("watch", "ingresses") == 2);
      fixture.server.apply(ingress("default", "shop", "a.example"));
      until(() -> hostOf(fixture, "shop").equals("a.example"));
      assertThat(fixture.server.count("list", "ingresses")).isEqualTo(1);
    }
  }

  @Test
  void aSilentWatchIsCutAndResumedWithoutANewList() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.SHORT)) {
      fixture.server.apply(ingress("default", "shop", "a.example"));
      fixture.start();
      fixture.awaitWatching();
      fixture.server.stallWatches("ingresses");
      int watches = fixture.server.count("watch", "ingresses");
      fixture.server.apply(ingress("default", "shop", "b.example"));
      until(() -> hostOf(fixture, "shop").equals("b.example"));
      assertThat(fixture.server.count("watch", "ingresses")).isGreaterThan(watches);
      assertThat(fixture.server.count("list", "ingresses")).isEqualTo(1);
      assertThat(fixture.delivered.removed()).isEmpty();
    }
  }

  @Test
  void aWatchThatIsAcceptedButNeverAnsweredIsGivenUp() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.SHORT)) {
      fixture.server.faults().hold(Faults.on("watch", "ingresses"), 1);
      fixture.start();
      fixture.awaitSynced();
      fixture.server.apply(ingress("default", "shop", "a.example"));
      until(() -> hostOf(fixture, "shop").equals("a.example"));
      assertThat(fixture.server.count("list", "ingresses")).isEqualTo(1);
    }
  }

  @Test
  void watchesEndInTimeAndGoOnFromTheLastBookmark() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.SHORT)) {
      fixture.start();
      fixture.awaitWatching();
      fixture.server.apply(ingress("default", "elsewhere", "a.example"));
      var version = Long.toString(fixture.server.version());
      fixture.server.bookmark("secrets");
      int watches = fixture.server.count("watch", "secrets");
      until(() -> fixture.server.count("watch", "secrets") > watches);
      var resumed = fixture.server.requests("watch", "secrets").getLast();
      assertThat(resumed.parameter("resourceVersion")).isEqualTo(version);
      assertThat(resumed.parameter("allowWatchBookmarks")).isEqualTo("true");
      assertThat(fixture.server.count("list", "secrets")).isEqualTo(1);
    }
  }

  @Test
  void aServerWhoseTimeWentBackIsListedAgain() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.apply(ingress("default", "shop", "a.example"));
      fixture.start();
      fixture.awaitWatching();
      var old = ApiServerFixture.object("{\"metadata\": {\"resourceVersion\": \"7\"}}");
      fixture.server.send("ingresses", "BOOKMARK", old);
      until(() -> fixture.server.count("list", "ingresses") == 2);
      assertThat(fixture.delivered.removed()).isEmpty();
    }
  }

  @Test
  void shuffledAndRepeatedEventsLeadToTheNewestState() throws Exception {
    long seed = Seed.get();
    var random = new Random(seed);
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.start();
      fixture.awaitWatching();
      var newest = new TreeMap<String, String>();
      var events = new ArrayList<Map.Entry<String, ObjectNode>>();
      for (int version = 1001; version <= 2000; version++) {
        var name = "i" + random.nextInt(20);
        var object = ingress("default", name, "v" + version + ".example");
        object.withObjectProperty("metadata").put("resourceVersion", "" + version);
        boolean deleted = random.nextInt(4) == 0;
        events.add(Map.entry(deleted ? "DELETED" : "MODIFIED", object));
        newest.put(name, deleted ? "" : "v" + version + ".example");
      }
      events.addAll(events.subList(0, 300));
      Collections.shuffle(events, random);
      events.forEach(event -> fixture.server.send("ingresses", event.getKey(), event.getValue()));
      var last = ingress("default", "last", "last.example");
      last.withObjectProperty("metadata").put("resourceVersion", "3000");
      fixture.server.send("ingresses", "ADDED", last);
      until(() -> hostOf(fixture, "last").equals("last.example"));
      assertThat(newest)
          .as("seed %d", seed)
          .allSatisfy((name, host) -> assertThat(hostOf(fixture, name)).isEqualTo(host));
    }
  }

  @Test
  void missedEventsAreCaughtUpAfterADroppedConnection() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.start();
      fixture.awaitWatching();
      fixture.server.dropWatches("ingresses");
      for (int i = 0; i < 50; i++) {
        fixture.server.apply(ingress("default", "i" + i, "h" + i + ".example"));
      }
      until(() -> fixture.delivered.count(Kind.INGRESS) == 50);
      assertThat(fixture.server.count("list", "ingresses")).isEqualTo(1);
    }
  }

  @Test
  void aWatchOfGarbageIsResumed() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.faults().answer(Faults.on("watch", "ingresses"), 3, 200, "<html>{]");
      fixture.start();
      fixture.awaitWatching();
      fixture.server.apply(ingress("default", "shop", "a.example"));
      until(() -> hostOf(fixture, "shop").equals("a.example"));
    }
  }

  @Test
  void aListOfGarbageIsTriedAgain() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.faults().answer(Faults.on("list", ""), 7, 200, "<html>it works!</html>");
      fixture.server.faults().answer(Faults.on("list", ""), 7, 200, "{\"items\": [");
      fixture.server.faults().answer(Faults.on("list", ""), 7, 200, "[]");
      fixture.start();
      fixture.awaitWatching();
    }
  }

  @Test
  void anUnreachableServerAtTheStartIsWaitedFor() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.apply(ingress("default", "shop", "a.example"));
      fixture.server.stop();
      var source = fixture.start();
      until(() -> source.states().stream().noneMatch(state -> state.problem().isEmpty()));
      assertThat(fixture.delivered.batches()).isZero();
      assertThat(source.states()).noneMatch(SourceState::connected);
      fixture.server.start();
      fixture.awaitWatching();
      assertThat(hostOf(fixture, "shop")).isEqualTo("a.example");
      assertThat(source.states()).allMatch(SourceState::connected);
    }
  }

  @Test
  void anOutageTakesNothingBackAndIsCaughtUpWithoutANewList() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.apply(ingress("default", "stays", "a.example"));
      var source = fixture.start();
      fixture.awaitWatching();
      fixture.server.stop();
      until(() -> source.states().stream().noneMatch(SourceState::connected));
      fixture.server.apply(ingress("default", "new", "b.example"));
      assertThat(fixture.delivered.names(Kind.INGRESS)).containsExactly("default/stays");
      fixture.server.start();
      until(() -> fixture.delivered.count(Kind.INGRESS) == 2);
      assertThat(fixture.delivered.removed()).isEmpty();
      assertThat(fixture.server.count("list", "ingresses")).isEqualTo(1);
    }
  }

  @Test
  void longPausesEndWhenTheServerIsBack() throws Exception {
    var patient =
        new ApiServerTiming(
            Duration.ofSeconds(600),
            Duration.ofSeconds(600),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofMillis(20));
    try (var fixture = new ApiServerFixture(folder, patient)) {
      fixture.server.stop();
      var source = fixture.start();
      until(() -> source.states().stream().noneMatch(state -> state.problem().isEmpty()));
      fixture.server.start();
      fixture.awaitWatching();
    }
  }

  @Test
  void retryAfterIsObeyed() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      var wait = Map.of("Retry-After", "1");
      fixture.server.faults().answer(Faults.on("list", "ingresses"), 1, 429, wait);
      long start = System.nanoTime();
      fixture.start();
      fixture.awaitWatching();
      assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.SECONDS.toNanos(1));
      assertThat(fixture.server.count("list", "ingresses")).isEqualTo(2);
    }
  }

  @Test
  void aServerInDistressIsAskedAtMostFiveTimesASecond() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.faults().answer(Faults.on("list", ""), 17, 500);
      long start = System.nanoTime();
      fixture.start();
      until(() -> fixture.server.count("list", "") >= 17);
      // Seven first tries, and ten more of which the first may pass at once.
      assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(9 * 200));
      fixture.awaitWatching();
    }
  }

  @Test
  void aListThatBreaksOffGoesOnWithThePageThatFailed() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      for (int i = 0; i < 1201; i++) {
        fixture.server.apply(ingress("default", "i" + i, "h" + i + ".example"));
      }
      Predicate<ApiRequest> second = request -> request.parameter("continue").equals("page-1");
      Predicate<ApiRequest> third = request -> request.parameter("continue").equals("page-2");
      fixture.server.faults().answer(second, 1, 429);
      fixture.server.faults().answer(second, 1, 500);
      fixture.server.faults().answer(second, 1, 200, "{\"items\": [{\"metadata\": {\"name\"");
      fixture.server.faults().drop(third, 1);
      fixture.start();
      fixture.awaitWatching();
      assertThat(fixture.delivered.count(Kind.INGRESS)).isEqualTo(1201);
      var pages = fixture.server.requests("list", "ingresses");
      assertThat(pages).filteredOn(page -> page.parameter("continue").isEmpty()).hasSize(1);
    }
  }

  @Test
  void aServerThatEndsWatchesAtOnceIsNotAskedWithoutEnd() throws Exception {
    var patient =
        new ApiServerTiming(
            Duration.ofSeconds(600),
            Duration.ofSeconds(600),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofMillis(20));
    try (var fixture = new ApiServerFixture(folder, patient)) {
      var bookmark = "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{}}}";
      fixture
          .server
          .faults()
          .answer(Faults.on("watch", "ingressclasses"), Faults.ALWAYS, 200, bookmark);
      fixture.start();
      until(() -> fixture.server.count("watch", "ingressclasses") > 0);
      until(() -> fixture.server.openWatches("ingresses") == 1);
      for (int i = 0; i < 100; i++) {
        var host = "h" + i + ".example";
        fixture.server.apply(ingress("default", "shop", host));
        until(() -> hostOf(fixture, "shop").equals(host));
      }
      assertThat(fixture.server.count("watch", "ingressclasses")).isEqualTo(1);
    }
  }

  @Test
  void afterAnErrorEventTheWatchGoesOnBehindWhatWasDelivered() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.start();
      fixture.awaitWatching();
      fixture.server.apply(ingress("default", "shop", "a.example"));
      until(() -> hostOf(fixture, "shop").equals("a.example"));
      var version = Long.toString(fixture.server.version());
      fixture.server.send("ingresses", "ERROR", serverError());
      until(() -> fixture.server.count("watch", "ingresses") == 2);
      assertThat(
              fixture.server.requests("watch", "ingresses").getLast().parameter("resourceVersion"))
          .isEqualTo(version);
    }
  }

  private static ObjectNode serverError() {
    return ApiServerFixture.object(
        "{\"kind\": \"Status\", \"code\": 500, \"message\": \"unable to decode\"}");
  }

  @Test
  void aWatchThatComesToNothingButErrorEventsIsListedAnew() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.apply(ingress("default", "shop", "a.example"));
      var event = ApiServerFixture.object("{\"type\": \"ERROR\"}").set("object", serverError());
      fixture.server.faults().answer(Faults.on("watch", "ingresses"), 7, 200, event.toString());
      fixture.start();
      fixture.awaitWatching();
      assertThat(fixture.server.count("list", "ingresses")).isGreaterThan(1);
      assertThat(fixture.delivered.removed()).isEmpty();
    }
  }

  @Test
  void aSlowListOfOneKindHoldsUpNoOther() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.apply(ingress("default", "shop", "a.example"));
      var gate = fixture.server.faults().hold(Faults.on("list", "services"), 1);
      fixture.start();
      until(() -> hostOf(fixture, "shop").equals("a.example"));
      until(() -> fixture.server.openWatches("secrets") == 1);
      assertThat(fixture.delivered.synced()).isZero();
      gate.countDown();
      fixture.awaitWatching();
    }
  }
}
