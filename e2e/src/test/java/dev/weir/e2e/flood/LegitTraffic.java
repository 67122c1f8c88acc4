package dev.weir.e2e.flood;

import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.http2.Http2Wire;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Clients that ask one thing after the other on connections that they keep, one half of them by
 * HTTP/1.1 and one by HTTP/2, and notice how long each takes.
 */
final class LegitTraffic implements AutoCloseable {
  static final String NAME = "legit";
  private static final String HOST = NAME + ".test";
  private static final int CLIENTS = 4;

  private final InetSocketAddress address;
  private final AtomicBoolean enough = new AtomicBoolean();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> clients = new ArrayList<>();
  private long[] nanos = new long[1024];
  private int answered;

  LegitTraffic(InetSocketAddress address) {
    this.address = address;
    for (int i = 0; i < CLIENTS; i++) {
      Runnable client = i % 2 == 0 ? this::askByHttp1 : this::askByHttp2;
      clients.add(Thread.ofVirtual().start(client));
    }
  }

  private void askByHttp1() {
    while (!enough.get()) {
      try (var wire = Wire.to(address)) {
        boolean kept = true;
        while (kept && !enough.get()) {
          long since = System.nanoTime();
          var reply = wire.get(HOST, "/one");
          note(reply.status(), since);
          kept = !"close".equals(reply.field("connection"));
        }
      } catch (IOException e) {
        failures.add("HTTP/1.1: " + e);
      }
    }
  }

  private void askByHttp2() {
    while (!enough.get()) {
      try (var wire = Http2Wire.to(address)) {
        while (wire.goAway() == null && !enough.get()) {
          long since = System.nanoTime();
          note(wire.get(HOST, "/two").status(), since);
        }
      } catch (IOException e) {
        failures.add("HTTP/2: " + e);
      }
    }
  }

  private synchronized void note(int status, long since) {
    if (status != 200) {
      failures.add("status " + status);
      return;
    }
    if (answered == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * answered);
    }
    nanos[answered++] = System.nanoTime() - since;
  }

  /** Requests that were answered with 200. */
  synchronized int answered() {
    return answered;
  }

  /** Everything else. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Waits until so many more were answered. */
  void awaitMore(int count) {
    int goal = answered() + count;
    WeirProcess.eventually("legitimate requests", this::answered, now -> now >= goal);
  }

  /** How long the slowest but one of a hundred took, of those since the last call. */
  synchronized double takeP99Millis() {
    var sorted = Arrays.copyOf(nanos, answered);
    Arrays.sort(sorted);
    answered = 0;
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length * 99 / 100] / 1e6;
  }

  /** Waits for the requests in progress. */
  void finish() {
    enough.set(true);
    for (var client : clients) {
      try {
        client.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    finish();
  }
}
