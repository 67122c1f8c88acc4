package dev.weir.e2e.cluster;

import dev.weir.e2e.wire.Reply;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that ask one thing after the other, each on one connection from beginning to end.
 *
 * <p>Thread rule: a virtual thread for each client; counts may be read from any thread.
 */
final class Load implements AutoCloseable {
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean enough = new AtomicBoolean();
  private final List<Thread> clients = new ArrayList<>();
  private final InetSocketAddress address;
  private final String host;

  private Load(InetSocketAddress address, String host) {
    this.address = address;
    this.host = host;
  }

  static Load of(InetSocketAddress address, String host, int clients) {
    var load = new Load(address, host);
    for (int i = 0; i < clients; i++) {
      load.clients.add(Thread.ofVirtual().start(load::run));
    }
    return load;
  }

  private void run() {
    try (var wire = Wire.to(address)) {
      while (!enough.get()) {
        int number = sent.incrementAndGet();
        var reply = wire.get(host, "/" + number);
        if (isGood(reply, number)) {
          answered.incrementAndGet();
        } else {
          failures.add(reply.toString());
        }
      }
    } catch (IOException e) {
      closed.incrementAndGet();
      failures.add(e.toString());
    }
  }

  private static boolean isGood(Reply reply, int number) {
    return reply.status() == 200
        && reply.field("connection") == null
        && reply.text().startsWith("GET /" + number + " ");
  }

  /** Requests that were answered well. */
  int answered() {
    return answered.get();
  }

  /** Requests that were sent. */
  int sent() {
    return sent.get();
  }

  /** Connections that the other side closed. */
  int closed() {
    return closed.get();
  }

  /** Replies and connections that were not as they should be. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Lets every client finish its last request. */
  @Override
  public void close() {
    enough.set(true);
    for (var client : clients) {
      try {
        client.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
