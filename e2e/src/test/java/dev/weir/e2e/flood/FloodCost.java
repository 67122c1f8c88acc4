package dev.weir.e2e.flood;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a flood costs the program in CPU beside what it costs the attackers (goal 10): attackers
 * that come back at once, and nobody else, so that nothing of it is the cost of other traffic. What
 * the program spends anyhow is measured before and taken off; what it spends on the attackers until
 * the last of their requests is given up is counted.
 *
 * <p>The attackers are these tests' own threads, system calls included. An attacker may be cheaper
 * than they are, which is why the bound has something in hand.
 */
final class FloodCost {
  /** How many times as much as the attackers the program may spend. */
  private static final double MOST = 20;

  private static final int SECONDS = 10;
  private static final int IDLE_SECONDS = 3;

  /** How long a connection stays that nobody cuts off. */
  private static final long STAY_MILLIS = 50;

  private FloodCost() {}

  /** Floods for some seconds, tells what it cost both, and fails if it cost us too much. */
  static void assess(Field field, List<Flood> floods, int attackers) throws InterruptedException {
    double before = proxyMillis(field);
    assertThat(new CountDownLatch(1).await(IDLE_SECONDS, TimeUnit.SECONDS)).isFalse();
    double idle = (proxyMillis(field) - before) / IDLE_SECONDS;

    var over = new CountDownLatch(1);
    var spent = new AtomicLong();
    var connections = new AtomicLong();
    var threads = new ArrayList<Thread>();
    double begun = proxyMillis(field);
    long since = System.nanoTime();
    for (int i = 0; i < attackers; i++) {
      var flood = floods.get(i % floods.size());
      threads.add(
          Thread.ofPlatform().daemon().start(() -> flood(field, flood, over, spent, connections)));
    }
    assertThat(over.await(SECONDS, TimeUnit.SECONDS)).isFalse();
    over.countDown();
    for (var thread : threads) {
      thread.join();
    }
    field.awaitNothingInFlight();
    double seconds = (System.nanoTime() - since) / 1e9;
    double ours = Math.max(0, proxyMillis(field) - begun - idle * seconds);
    double theirs = spent.get() / 1e6;
    System.out.printf(
        Locale.ROOT,
        "flood %s: %d connections; CPU of the proxy %.0f ms, of the attackers %.0f ms: %.1f times"
            + " as much%n",
        floods,
        connections.get(),
        ours,
        theirs,
        ours / theirs);
    assertThat(ours / theirs).as("CPU beside that of attackers").isLessThanOrEqualTo(MOST);
  }

  private static void flood(
      Field field, Flood flood, CountDownLatch over, AtomicLong spent, AtomicLong connections) {
    try {
      while (over.getCount() > 0) {
        connections.incrementAndGet();
        spendOne(field, flood, spent);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    spent.addAndGet(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
  }

  private static void spendOne(Field field, Flood flood, AtomicLong spent)
      throws InterruptedException {
    try {
      var attacker = field.attack(flood);
      try (attacker) {
        if (attacker.awaitWritten()) {
          var _ = attacker.awaitClosed(flood.outcome().cut() ? 1000 : STAY_MILLIS);
        }
      }
      spent.addAndGet(attacker.cpuNanos());
    } catch (IOException e) {
      // Refused: it costs neither of them much.
    }
  }

  /** User and system time so far, in milliseconds. */
  private static double proxyMillis(Field field) {
    return ProcessHandle.of(field.weir().pid())
        .flatMap(process -> process.info().totalCpuDuration())
        .map(Duration::toMillis)
        .orElseThrow();
  }
}
