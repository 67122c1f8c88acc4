package dev.weir.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventBoundsTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final EventBounds bounds = new EventBounds(now::get);

  private static ObjectKey ingress(String name) {
    return new ObjectKey(Kind.INGRESS, "default", name);
  }

  private int taken(ObjectKey object) {
    int count = 0;
    while (bounds.allows(object)) {
      bounds.count(object);
      count++;
    }
    return count;
  }

  @Test
  void anObjectGetsABurstAndThenOneAMinuteAndTakesNothingFromOthers() {
    assertThat(taken(ingress("noisy"))).isEqualTo(EventBounds.BURST);
    assertThat(taken(ingress("other"))).isEqualTo(EventBounds.BURST);
    now.addAndGet(EventBounds.REFILL.toNanos());
    assertThat(taken(ingress("noisy"))).isEqualTo(1);
    now.addAndGet(EventBounds.REFILL.multipliedBy(1000).toNanos());
    assertThat(taken(ingress("noisy"))).isEqualTo(EventBounds.BURST);
  }

  @Test
  void ofManyObjectsTheQuietestAreForgotten() {
    taken(ingress("noisy"));
    for (int i = 0; i < 5000; i++) {
      bounds.count(ingress("shop-" + i));
    }
    assertThat(bounds.allows(ingress("noisy"))).isTrue();
    assertThat(taken(ingress("shop-4999"))).isEqualTo(EventBounds.BURST - 1);
  }
}
