package dev.weir.e2e.flood;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.fault.Fault;
import dev.weir.e2e.fault.Injection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Floods for some seconds, from eight connections at once, each of which comes back when it was cut
 * off (row 119, goals 9 to 11). The list's figures are seconds for each flood.
 */
@Isolated("It takes all of the machine")
class FloodFaultTest {
  private static final int ATTACKERS = 8;

  /** Looking for leaks at every access would cost more than all the rest; others look for them. */
  private static final String LEAKS = "-Dio.netty.leakDetection.level=simple";

  private static final String DIRECT_MEMORY = "weir_direct_memory_bytes";

  /** How long an attacker that was cut off stays away. */
  private static final long PAUSE_MILLIS = 500;

  /** Requests of one connection that reach backends in vain. */
  private static final int MOST_CANCELLED = 100;

  private static final List<Flood> MADE_RESETS =
      Arrays.stream(Flood.values()).filter(flood -> flood.offence().equals("reset_by_us")).toList();

  @Fault("119-rapid-reset")
  void rapidResetsHurtNobody(Injection fault) throws Exception {
    flood(fault, List.of(Flood.RAPID_RESET));
  }

  @Fault("119-made-you-reset")
  void resetsThatWeAreMadeToSendHurtNobody(Injection fault) throws Exception {
    flood(fault, MADE_RESETS);
  }

  @Fault("119-continuation")
  void headsWithoutEndHurtNobody(Injection fault) throws Exception {
    flood(fault, List.of(Flood.CONTINUATION, Flood.EMPTY_CONTINUATION));
  }

  @Fault("119-zero-window")
  void repliesThatNobodyTakesHurtNobody(Injection fault) throws Exception {
    flood(fault, List.of(Flood.ZERO_WINDOW, Flood.UNREAD_REPLIES));
  }

  @Fault("119-others")
  void noOtherFloodHurtsAnybody(Injection fault) throws Exception {
    var done =
        EnumSet.of(
            Flood.RAPID_RESET,
            Flood.CONTINUATION,
            Flood.EMPTY_CONTINUATION,
            Flood.ZERO_WINDOW,
            Flood.UNREAD_REPLIES);
    done.addAll(MADE_RESETS);
    try (var field = new Field(LEAKS)) {
      for (var flood : EnumSet.complementOf(done)) {
        flood(field, fault, List.of(flood));
      }
    }
  }

  private static void flood(Injection fault, List<Flood> floods) throws Exception {
    try (var field = new Field(LEAKS)) {
      flood(field, fault, floods);
      var target = field.target();
      assertThat(target.most()).as("in flight").isLessThanOrEqualTo(ATTACKERS * MOST_CANCELLED);
      if (floods.getFirst().cancels()) {
        assertThat((long) target.cancelled())
            .as("requests in vain")
            .isLessThanOrEqualTo(MOST_CANCELLED * fault.counted());
      }
    }
  }

  /** Attackers take these in turns. */
  private static void flood(Field field, Injection fault, List<Flood> floods) throws Exception {
    try (var traffic = new LegitTraffic(field.weir().http())) {
      // Without those that warmed it up the comparison would be unfair to the quiet time.
      traffic.awaitMore(300);
      var _ = traffic.takeP99Millis();
      traffic.awaitMore(300 * fault.figure());
      double quiet = traffic.takeP99Millis();
      double before = field.plainMetric(DIRECT_MEMORY);
      var lives = new ConcurrentLinkedQueue<Double>();
      var over = new CountDownLatch(1);
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < ATTACKERS; i++) {
        var flood = floods.get(i % floods.size());
        threads.add(Thread.ofVirtual().start(() -> comeBack(field, flood, fault, lives, over)));
      }
      assertThat(over.await(fault.figure(), TimeUnit.SECONDS)).isFalse();
      over.countDown();
      for (var thread : threads) {
        thread.join();
      }
      traffic.awaitMore(1);
      int answered = traffic.answered();
      double flooded = traffic.takeP99Millis();
      double held = field.plainMetric(DIRECT_MEMORY) - before;
      field.awaitNothingInFlight();
      traffic.finish();
      report(floods, quiet, flooded, lives);
      System.out.printf(
          Locale.ROOT,
          "flood %s: %d legitimate requests, %d of them failed; direct memory grew by %.0f KiB%n",
          floods,
          answered,
          traffic.failures().size(),
          held / 1024);
      assertThat(traffic.failures()).isEmpty();
      field.assertAccounts();
      if (floods.getFirst().outcome().cut()) {
        assertThat(lives).as("attackers cut off").isNotEmpty();
      }
    }
    if (fault.full()) {
      FloodCost.assess(field, floods, ATTACKERS);
    }
  }

  private static void comeBack(
      Field field,
      Flood flood,
      Injection fault,
      ConcurrentLinkedQueue<Double> lives,
      CountDownLatch over) {
    try {
      boolean goesOn = true;
      while (goesOn) {
        fault.count();
        try (var attacker = field.attack(flood)) {
          while (!attacker.awaitClosed(PAUSE_MILLIS) && over.getCount() > 0) {
            // It goes on.
          }
          if (attacker.isClosed()) {
            lives.add(attacker.millis());
          }
        }
        goesOn = !over.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (IOException e) {
      // Refused: it counts as cut off at once.
      lives.add(0.0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void report(
      List<Flood> floods, double quiet, double flooded, ConcurrentLinkedQueue<Double> lives) {
    var sorted = lives.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    var cut =
        sorted.length == 0
            ? "none cut off"
            : String.format(
                Locale.ROOT,
                "%d cut off after %.0f ms, at most %.0f ms",
                sorted.length,
                sorted[sorted.length / 2],
                sorted[sorted.length - 1]);
    System.out.printf(
        Locale.ROOT,
        "flood %s: legitimate p99 %.1f ms, quiet %.1f ms; %s%n",
        floods,
        flooded,
        quiet,
        cut);
  }
}
