package dev.weir.e2e.fault;

import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients behind a load balancer for connections: each new connection goes to one of the instances
 * that it knows of then, and stays there until the instance ends it.
 */
final class Balanced implements AutoCloseable {
  private final String host;
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicBoolean enough = new AtomicBoolean();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> clients = new ArrayList<>();
  private volatile List<InetSocketAddress> instances = List.of();

  private Balanced(String host) {
    this.host = host;
  }

  static Balanced over(List<WeirProcess> instances, String host, int clients) {
    var balanced = new Balanced(host);
    balanced.over(instances);
    for (int i = 0; i < clients; i++) {
      balanced.clients.add(Thread.ofVirtual().start(balanced::run));
    }
    return balanced;
  }

  /** New connections go to these from now on. */
  void over(List<WeirProcess> now) {
    instances = now.stream().map(WeirProcess::http).toList();
  }

  private void run() {
    while (!enough.get()) {
      var known = instances;
      try (var wire = Wire.to(known.get(Math.floorMod(turn.getAndIncrement(), known.size())))) {
        boolean kept = true;
        while (kept && !enough.get()) {
          var reply = wire.get(host, "/");
          if (reply.status() == 200) {
            answered.incrementAndGet();
          } else {
            failures.add("status " + reply.status());
          }
          kept = !"close".equals(reply.field("connection"));
        }
      } catch (IOException e) {
        failures.add(e.toString());
      }
    }
  }

  int answered() {
    return answered.get();
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  void awaitMore(int count) {
    int goal = answered.get() + count;
    WeirProcess.eventually("traffic", answered::get, now -> now >= goal);
  }

  /** Lets every client finish its last request. */
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
