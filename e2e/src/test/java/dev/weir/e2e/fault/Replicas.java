package dev.weir.e2e.fault;

import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The programs behind a Service, and which of them it leads to: those that said to be ready when
 * they were asked. As in a cluster everybody learns late that one is not ready any more: it stays
 * among them for some rounds.
 *
 * <p>Thread rule: a thread of its own asks; any may read.
 */
final class Replicas implements AutoCloseable {
  private static final int ROUND_MILLIS = 20;
  private static final int LATE_ROUNDS = 15;

  /** However long a round takes here: one that ends goes on accepting for no longer than 5 s. */
  private static final long LATEST = TimeUnit.SECONDS.toNanos(2);

  private final List<Replica> all = new CopyOnWriteArrayList<>();
  private final CountDownLatch enough = new CountDownLatch(1);
  private final Thread asker = Thread.ofVirtual().start(this::run);

  /** One of them. */
  static final class Replica {
    private final WeirProcess program;
    private volatile int rounds;
    private volatile boolean ready;
    private volatile long readyAt;

    private Replica(WeirProcess program) {
      this.program = program;
    }

    WeirProcess program() {
      return program;
    }

    /** Whether it said so when it was asked last. */
    boolean ready() {
      return ready;
    }

    private void ask() {
      ready = isReady();
      if (ready) {
        readyAt = System.nanoTime();
      }
      rounds = ready ? LATE_ROUNDS : Math.max(0, rounds - 1);
    }

    private boolean inRotation() {
      return ready || (rounds > 0 && System.nanoTime() - readyAt < LATEST);
    }

    private boolean isReady() {
      try (var wire = Wire.to(program.admin())) {
        return wire.get("admin", "/readyz").status() == 200;
      } catch (IOException e) {
        return false;
      }
    }
  }

  Replica add(WeirProcess program) {
    var replica = new Replica(program);
    all.add(replica);
    WeirProcess.eventually("a ready replica", replica::ready, ready -> ready);
    return replica;
  }

  void remove(Replica replica) {
    all.remove(replica);
  }

  /** Those that new connections may go to. */
  List<Replica> inRotation() {
    return all.stream().filter(Replica::inRotation).toList();
  }

  private void run() {
    try {
      do {
        all.forEach(Replica::ask);
      } while (!enough.await(ROUND_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    enough.countDown();
    try {
      asker.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
