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
 * Clients that ask one thing after the other on connections that they keep; every request has a
 * target of its own, so that a backend can tell whether it came twice.
 */
public final class Traffic implements AutoCloseable {
  private final InetSocketAddress address;
  private final String host;
  private final String method;
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicBoolean enough = new AtomicBoolean();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> clients = new ArrayList<>();
  private final Pace pace = new Pace();

  private Traffic(InetSocketAddress address, String host, String method) {
    this.address = address;
    this.host = host;
    this.method = method;
  }

  /** Clients that begin at once. */
  public static Traffic of(WeirProcess weir, String host, String method, int clients) {
    var traffic = new Traffic(weir.http(), host, method);
    for (int i = 0; i < clients; i++) {
      traffic.clients.add(Thread.ofVirtual().start(traffic::run));
    }
    return traffic;
  }

  private void run() {
    while (!enough.get()) {
      try (var wire = Wire.to(address)) {
        boolean kept = true;
        while (kept && !enough.get()) {
          kept = ask(wire);
          pace.pause();
        }
      } catch (IOException e) {
        failures.add("connection: " + e.getMessage());
      }
    }
  }

  /** False if the reply was the connection's last, as it said itself. */
  private boolean ask(Wire wire) throws IOException {
    int number = sent.incrementAndGet();
    wire.send(request(method, host, number));
    var reply = wire.reply(method);
    if (reply.status() == 200) {
      answered.incrementAndGet();
    } else {
      failures.add(reply.status() + " to " + method + " /" + number);
    }
    return !"close".equals(reply.field("connection"));
  }

  static String request(String method, String host, int number) {
    var length = method.equals("GET") ? "" : "Content-Length: 0\r\n";
    return method + " /" + number + " HTTP/1.1\r\nHost: " + host + "\r\n" + length + "\r\n";
  }

  /** Requests answered with 200. */
  public int answered() {
    return answered.get();
  }

  /** Everything else, by what it was. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** Waits until so many more requests were answered. */
  public void awaitMore(int count) {
    int goal = answered.get() + count;
    WeirProcess.eventually("traffic", answered::get, now -> now >= goal);
  }

  /** Lets every client finish its last request. */
  public void finish() {
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
