package dev.weir.e2e.fault;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A client whose requests come about as far apart as its backend keeps idle connections, so that
 * they meet connections that are just being closed. It sends POST too once the backend has closed
 * one: from then on the proxy knows better. Runs on a thread of its own.
 */
final class PacedClient implements Runnable {
  private final InetSocketAddress address;
  private final Backend backend;
  private final int idleMillis;
  private final int requests;
  private final Collection<String> failures;
  private final Random random;

  PacedClient(
      InetSocketAddress address,
      Backend backend,
      int idleMillis,
      int requests,
      Collection<String> failures) {
    this.address = address;
    this.backend = backend;
    this.idleMillis = idleMillis;
    this.requests = requests;
    this.failures = failures;
    this.random = new Random(backend.name().hashCode());
  }

  @Override
  public void run() {
    var never = new CountDownLatch(1);
    try (var wire = Wire.to(address)) {
      for (int i = 0; i < requests; i++) {
        var method = i % 2 == 1 && backend.idleCloses() > 0 ? "POST" : "GET";
        wire.send(Traffic.request(method, backend.name() + ".test", i));
        int status = wire.reply(method).status();
        if (status != 200) {
          failures.add(method + " " + i + " to " + backend.name() + ": " + status);
        }
        long pause = (long) (idleMillis * 1000L * (0.9 + 0.2 * random.nextDouble()));
        var _ = never.await(pause, TimeUnit.MICROSECONDS);
      }
    } catch (IOException | InterruptedException e) {
      failures.add(backend.name() + ": " + e);
    }
  }
}
