package dev.weir.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.LoadBalancerAddress;
import dev.weir.controller.resource.Meta;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusBookTest {
  private static final ObjectRef SHOP =
      new ObjectRef(new ObjectKey(Kind.INGRESS, "default", "shop"), "uid-1");

  private final StatusBook book = new StatusBook(Duration.ofMinutes(1), () -> 0);

  StatusBookTest() {
    var meta = new Meta(SHOP, Instant.EPOCH, "", false, Map.of(), Map.of());
    book.put(new IngressResource(meta, "nginx", Optional.empty(), List.of(), List.of(), List.of()));
    book.want(List.of(LoadBalancerAddress.ofIp("192.0.2.7")));
  }

  /** Who ends in the middle of a write looks at the Ingress again. */
  @Test
  void whatIsBeingWrittenMayShowItAlready() {
    assertThat(book.showing()).isEmpty();
    var task = Objects.requireNonNull(book.take());
    assertThat(book.showing()).containsExactly(SHOP);
    book.again(task);
    assertThat(book.showing()).as("without an answer").containsExactly(SHOP);
  }

  @Test
  void whatWasWrittenIsShownUntilItIsToldToBeGone() {
    book.done(Objects.requireNonNull(book.take()), true);
    assertThat(book.showing()).containsExactly(SHOP);
    assertThat(book.take()).isNull();
    var meta = new Meta(SHOP, Instant.EPOCH, "", false, Map.of(), Map.of());
    book.put(new IngressResource(meta, "nginx", Optional.empty(), List.of(), List.of(), List.of()));
    assertThat(book.showing()).isEmpty();
  }
}
