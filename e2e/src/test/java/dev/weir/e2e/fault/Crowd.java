package dev.weir.e2e.fault;

import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * More clients than can be served, each of which asks again as soon as it has a reply, by another
 * connection if it is told so. Being told to come back later is no failure: they do, though sooner
 * than they are told.
 */
final class Crowd {
  private static final int MOST_MILLIS = 10_000;
  private static final int COME_BACK_MILLIS = 100;
  private static final int KNOCK_MILLIS = 10;

  private final WeirProcess weir;
  private final String host;
  private final int clients;
  private final AtomicInteger served = new AtomicInteger();
  private final AtomicInteger shed = new AtomicInteger();
  private final AtomicInteger letIn = new AtomicInteger();
  private final AtomicBoolean enough = new AtomicBoolean();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

  /** How many replies took so many milliseconds; the last counts all that took longer, too. */
  private final AtomicIntegerArray millis = new AtomicIntegerArray(MOST_MILLIS + 1);

  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch never = new CountDownLatch(1);
  private long begun = System.nanoTime();

  Crowd(WeirProcess weir, String host, int clients) {
    this.weir = weir;
    this.host = host;
    this.clients = clients;
  }

  void start() {
    for (int i = 0; i < clients; i++) {
      threads.add(Thread.ofVirtual().start(this::run));
    }
  }

  private void run() {
    boolean isLetIn = false;
    while (!enough.get()) {
      try (var wire = Wire.to(weir.http())) {
        boolean kept = true;
        while (kept && !enough.get()) {
          kept = ask(wire);
          if (!isLetIn) {
            isLetIn = true;
            letIn.incrementAndGet();
          }
        }
      } catch (IOException e) {
        failures.add(e.toString());
        pause(KNOCK_MILLIS);
      }
    }
  }

  /** Who isn't let in, or served, doesn't ask all the time. */
  private void pause(int atLeast) {
    try {
      var _ = never.await(atLeast, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** False if the reply was the connection's last, as it said itself. */
  private boolean ask(Wire wire) throws IOException {
    long asked = System.nanoTime();
    var reply = wire.get(host, "/");
    if (reply.status() == 200) {
      served.incrementAndGet();
      var _ = millis.incrementAndGet((int) Math.min(MOST_MILLIS, millisSince(asked)));
    } else if (reply.status() == 503 && reply.field("retry-after") != null) {
      shed.incrementAndGet();
      pause(COME_BACK_MILLIS);
    } else {
      failures.add("status " + reply.status());
    }
    return !"close".equals(reply.field("connection"));
  }

  /** Counts anew. */
  void begin() {
    begun = System.nanoTime();
    served.set(0);
    shed.set(0);
    for (int i = 0; i <= MOST_MILLIS; i++) {
      millis.set(i, 0);
    }
  }

  private static long millisSince(long time) {
    return (System.nanoTime() - time) / 1_000_000;
  }

  /** Within how many milliseconds 99 of 100 were served. */
  int p99() {
    int left = (int) (served.get() * 99L / 100);
    int at = 0;
    while (at < MOST_MILLIS && left > millis.get(at)) {
      left -= millis.get(at++);
    }
    return at;
  }

  /** Waits until each has had a reply: to be let in takes the longest of all. */
  void awaitAll() {
    WeirProcess.eventually("clients that are let in", letIn::get, count -> count == clients);
  }

  int served() {
    return served.get();
  }

  int shed() {
    return shed.get();
  }

  /** Requests served in each second since it counts anew. */
  double goodput() {
    return served.get() * 1e9 / (System.nanoTime() - begun);
  }

  /** Counts anew, and goes on for so long. */
  double goodputOf(int seconds) throws InterruptedException {
    begin();
    var _ = never.await(seconds, TimeUnit.SECONDS);
    return goodput();
  }

  /** What was neither served nor shed. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Lets all finish what they asked for. */
  void finish() throws InterruptedException {
    enough.set(true);
    for (var thread : threads) {
      thread.join();
    }
  }

  /** For people. */
  String summary() {
    return "%d clients for %d s: %d served, 99 of 100 within %d ms, %d shed, %d broken"
        .formatted(
            clients,
            (System.nanoTime() - begun) / 1_000_000_000,
            served.get(),
            p99(),
            shed.get(),
            failures.size());
  }
}
