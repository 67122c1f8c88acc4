package dev.weir.e2e.fault;

import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Clients that send a body of a kilobyte a second, and begin again when they are cut off. */
final class SlowBodies implements AutoCloseable {
  private static final int LENGTH = 1 << 20;
  private static final byte[] PIECE = new byte[1024];

  private final WeirProcess weir;
  private final String host;
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<Thread> clients = new ArrayList<>();

  SlowBodies(WeirProcess weir, String host) {
    this.weir = weir;
    this.host = host;
  }

  /** So many begin. */
  void start(int count) {
    for (int i = 0; i < count; i++) {
      clients.add(Thread.ofVirtual().start(this::run));
    }
  }

  private void run() {
    try {
      do {
        send();
      } while (!end.await(1, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send() throws InterruptedException {
    try (var wire = Wire.to(weir.http())) {
      wire.send("POST / HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: " + LENGTH + "\r\n\r\n");
      while (!end.await(1, TimeUnit.SECONDS)) {
        wire.send(PIECE);
      }
    } catch (IOException e) {
      // Cut off, or not let in; it begins again.
    }
  }

  /** All leave. */
  void leave() {
    end.countDown();
    for (var client : clients) {
      try {
        client.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    clients.clear();
  }

  @Override
  public void close() {
    leave();
  }
}
