package dev.weir.controller.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.testsupport.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WatchOrderTest {
  private static final int RUNS = 10_000;
  private static final int START = 1000;

  /**
   * A change of an object.
   *
   * @param uid of the incarnation; empty for its deletion
   */
  private record Event(ObjectKey key, int version, String uid) {}

  @Test
  void shuffledAndRepeatedEventsLeadToTheNewestState() {
    long seed = Seed.get();
    var random = new Random(seed);
    for (int run = 0; run < RUNS; run++) {
      var events = history(random);
      var model = new HashMap<ObjectKey, String>();
      events.forEach(event -> apply(event, model));
      var shuffled = new ArrayList<>(events);
      shuffled.addAll(events.subList(0, random.nextInt(events.size())));
      shuffled.addAll(oldEvents(random));
      Collections.shuffle(shuffled, random);
      assertThat(result(shuffled)).as("run %d of seed %d", run, seed).isEqualTo(model);
    }
  }

  private static List<Event> history(Random random) {
    var events = new ArrayList<Event>();
    for (int i = 1; i <= 30; i++) {
      var key = new ObjectKey(Kind.INGRESS, "default", "i" + random.nextInt(5));
      var uid = random.nextInt(3) == 0 ? "" : "uid-" + i;
      events.add(new Event(key, START + i, uid));
    }
    return events;
  }

  /** From before the watch began. */
  private static List<Event> oldEvents(Random random) {
    var key = new ObjectKey(Kind.INGRESS, "default", "i" + random.nextInt(5));
    return List.of(new Event(key, START - random.nextInt(900), "old"));
  }

  private static Map<ObjectKey, String> result(List<Event> events) {
    var order = new WatchOrder(Integer.toString(START));
    var state = new HashMap<ObjectKey, String>();
    for (var event : events) {
      if (order.isNews(event.key(), Integer.toString(event.version()))) {
        apply(event, state);
      }
    }
    assertThat(order.position()).isEqualTo(Integer.toString(START + 30));
    return state;
  }

  private static void apply(Event event, Map<ObjectKey, String> state) {
    if (event.uid().isEmpty()) {
      state.remove(event.key());
    } else {
      state.put(event.key(), event.uid());
    }
  }

  @Test
  void whereVersionsAreNoNumbersEveryEventIsNewsAndTheLastIsThePosition() {
    var key = new ObjectKey(Kind.INGRESS, "default", "shop");
    var order = new WatchOrder("v-abc");
    assertThat(order.isNews(key, "v-xyz")).isTrue();
    assertThat(order.isNews(key, "v-abc")).isTrue();
    assertThat(order.bookmark("v-def")).isTrue();
    assertThat(order.position()).isEqualTo("v-def");
  }

  @Test
  void aBookmarkFromBeforeTheStartIsRefused() {
    assertThat(new WatchOrder("100").bookmark("99")).isFalse();
    assertThat(new WatchOrder("100").bookmark("100")).isTrue();
  }
}
