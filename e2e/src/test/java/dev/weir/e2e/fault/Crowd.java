package dev.weir.e2e.fault;

import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * More clients than can be served, each of which asks again as soon as it has a reply. Being told
 * to come back later is no failure.
 */
final class Crowd {
  private final WeirProcess weir;
  private final String host;
  private final int clients;
  private final AtomicInteger served = new AtomicInteger();
  private final AtomicInteger shed = new AtomicInteger();
  private final AtomicBoolean enough = new AtomicBoolean();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Long> millis = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private long begun;

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
    try (var wire = Wire.to(weir.http())) {
      while (!enough.get()) {
        long asked = System.nanoTime();
        var reply = wire.get(host, "/");
        if (reply.status() == 200) {
          served.incrementAndGet();
          millis.add((System.nanoTime() - asked) / 1_000_000);
        } else if (reply.status() == 503 && reply.field("retry-after") != null) {
          shed.incrementAndGet();
        } else {
          failures.add("status " + reply.status());
        }
      }
    } catch (IOException e) {
      failures.add(e.toString());
    }
  }

  /** Counts anew. */
  void begin() {
    begun = System.nanoTime();
    served.set(0);
    shed.set(0);
    millis.clear();
  }

  int served() {
    return served.get();
  }

  int shed() {
    return shed.get();
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
    var sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    return "%d clients for %d s: %d served, 99 of 100 within %d ms, %d shed"
        .formatted(
            clients,
            (System.nanoTime() - begun) / 1_000_000_000,
            served.get(),
            sorted.isEmpty() ? 0 : sorted.get(sorted.size() * 99 / 100),
            shed.get());
  }
}
