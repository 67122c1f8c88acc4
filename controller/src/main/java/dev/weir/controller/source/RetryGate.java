package dev.weir.controller.source;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the watches of one API server wait after a failure. It knows whether the server is
 * reachable at all, says so once, and while it isn't tries to connect to its address, so that
 * watches whose pauses have grown long are back soon after the server is. Tries after error answers
 * pass one by one, at most five a second, so that a server in distress isn't asked by all watches
 * at once.
 *
 * <p>May be used from any thread; waiting ends with {@link InterruptedException} when the thread is
 * interrupted.
 */
final class RetryGate implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RetryGate.class);
  private static final long SPACING = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int CONNECT_MILLIS = 1000;

  private final String address;
  private final ApiServerTiming timing;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private @Nullable Thread prober;
  private long wakes;
  private long nextTry = System.nanoTime();

  RetryGate(String address, ApiServerTiming timing) {
    this.address = address;
    this.timing = timing;
  }

  /**
   * Waits after a request that got no answer: at most {@code pause}, less if the server is back.
   */
  void awaitServer(Duration pause, String reason) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (prober == null) {
        log.warn(
            "Can't reach the API server at {}: {}; what is known stays in service, trying again"
                + " until it answers",
            address,
            reason);
        prober = Thread.ofVirtual().name("api-prober").start(this::probe);
      }
      long seen = wakes;
      long left = pause.toNanos();
      while (left > 0 && seen == wakes) {
        left = woken.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes an answer, whatever it says: those who wait for the server may go on, too. */
  void answered() {
    lock.lock();
    try {
      if (prober != null) {
        prober.interrupt();
        prober = null;
        wakes++;
        woken.signalAll();
        log.info("The API server at {} answers again", address);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits after an error answer: {@code pause}, and then for its turn. */
  void pause(Duration pause) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      awaitUntil(System.nanoTime() + pause.toNanos());
      long turn = Math.max(System.nanoTime(), nextTry);
      nextTry = turn + SPACING;
      awaitUntil(turn);
    } finally {
      lock.unlock();
    }
  }

  private void awaitUntil(long time) throws InterruptedException {
    for (long left = time - System.nanoTime(); left > 0; ) {
      left = woken.awaitNanos(left);
    }
  }

  private void probe() {
    try {
      var pause = timing.probe();
      while (true) {
        lock.lockInterruptibly();
        try {
          awaitUntil(System.nanoTime() + pause.toNanos());
        } finally {
          lock.unlock();
        }
        pause = connects() ? wakeAll(pause) : timing.probe();
      }
    } catch (InterruptedException e) {
      // The server answers, or nobody waits for it any more.
    }
  }

  /**
   * Answers the next pause: longer, since something that accepts but doesn't answer stands there.
   */
  private Duration wakeAll(Duration pause) {
    lock.lock();
    try {
      wakes++;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
    var doubled = pause.multipliedBy(2);
    return doubled.compareTo(timing.retryLongest()) < 0 ? doubled : timing.retryLongest();
  }

  private boolean connects() {
    var uri = URI.create(address);
    int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("http") ? 80 : 443;
    var host = uri.getHost();
    var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(bare, port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (prober != null) {
        prober.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }
}
