package dev.weir.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.parallel.Isolated;

/** The heap fills with what clients send, and nothing but that tells the program so (F18). */
@Isolated("Loops without time shed requests, too")
class HeapFaultTest {
  private static final List<String> SMALL_HEAP =
      List.of("-Xms96m", "-Xmx96m", "-XX:MaxDirectMemorySize=256m");

  private static final String PATIENT =
      "max-connections-per-source: \"0\", client-header-timeout: \"60\","
          + " proxy-read-timeout: \"600\"";
  private static final int AT_ONCE = 20;

  /** Requests with heads as large as they may be hold 40 KiB each. */
  private static final int MOST = 3_000;

  private static final int SHEDS = 3;

  private final AtomicInteger arrived = new AtomicInteger();
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<Wire> wires = new ArrayList<>();

  @Fault("F18-heap")
  void aHeapThatRequestsFillShedsTheNextOnesAndIsWellWhenTheyLeave(Injection fault)
      throws Exception {
    var deaf =
        Backend.scripted(
            "deaf",
            call -> {
              arrived.incrementAndGet();
              end.await();
            });
    try (var site = Site.of(SMALL_HEAP, PATIENT, "", deaf, Backend.echo("fast"))) {
      var weir = site.weir();
      weir.log().expect("overload: ");
      var level = Metric.level(weir, "heap");
      for (int i = 0; i < fault.figure(); i++) {
        try (var early = site.wire().send("GET / HTTP/1.1\r\nHost: fast.test\r\n")) {
          fill(weir, level);
          fault.count();
          assertThat(early.send("\r\n").reply().status()).isEqualTo(503);
          assertThat(weir.admin("/healthz").status()).isEqualTo(200);
        }
        leave();
        // It is collected now and then while it counts as full, less often each time.
        Awaitility.await("an empty heap")
            .atMost(Duration.ofMinutes(3))
            .until(() -> level.value() == 0);
        for (int k = 0; k < 20; k++) {
          assertThat(weir.get("fast.test", "/").status()).isEqualTo(200);
        }
      }
      assertThat(weir.log().lines("OutOf")).isEmpty();
    } finally {
      leave();
      end.countDown();
    }
  }

  private void fill(WeirProcess weir, Metric level) throws IOException {
    while (level.value() < SHEDS) {
      assertThat(wires.size()).as("requests that don't fill the heap").isLessThan(MOST);
      int before = arrived.get();
      for (int i = 0; i < AT_ONCE; i++) {
        wires.add(Wire.to(weir.http()).send(largeRequest()));
      }
      WeirProcess.eventually(
          "requests", arrived::get, count -> count >= before + AT_ONCE || level.value() >= SHEDS);
    }
  }

  private static String largeRequest() {
    return "GET / HTTP/1.1\r\nHost: deaf.test\r\nA: %s\r\nB: %s\r\n\r\n"
        .formatted("a".repeat(15_000), "b".repeat(15_000));
  }

  private void leave() throws IOException {
    for (var wire : wires) {
      wire.close();
    }
    wires.clear();
  }
}
