package dev.weir.e2e.flood;

import dev.weir.testsupport.http2.Frame;
import dev.weir.testsupport.http2.FrameReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One connection that floods: a thread writes as fast as the connection takes it, another reads if
 * the flood is one that reads. Never blocks who started it.
 */
final class Attacker implements AutoCloseable {
  /** Bytes that are written at once. */
  private static final int BATCH = 16 * 1024;

  private static final int PATIENCE_MILLIS = 60_000;

  private final Flood flood;
  private final Socket socket = new Socket();
  private final CountDownLatch written = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger replies = new AtomicInteger();
  private final AtomicInteger rounds = new AtomicInteger();
  private final AtomicLong cpuNanos = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private final long begunAt = System.nanoTime();
  private volatile long closedAt;
  private volatile boolean over;

  /** Begins at once. */
  Attacker(Flood flood, InetSocketAddress target) throws IOException {
    this.flood = flood;
    if (!flood.outcome().reads()) {
      socket.setReceiveBufferSize(4096);
    }
    socket.setTcpNoDelay(true);
    socket.connect(target, PATIENCE_MILLIS);
    begin(this::write);
    if (flood.outcome().reads()) {
      begin(this::read);
    }
  }

  private void begin(Runnable work) {
    Runnable measured =
        () -> {
          work.run();
          cpuNanos.addAndGet(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
        };
    threads.add(Thread.ofPlatform().daemon().name("attacker").start(measured));
  }

  private void write() {
    try {
      var out = socket.getOutputStream();
      var bytes = new Flood.Bytes().add(Frame.preface()).add(flood.settings());
      int stream = 1;
      for (int round = 0; round < flood.rounds(); round++) {
        flood.round(bytes, stream);
        stream += 2;
        if (bytes.size() >= BATCH) {
          out.write(bytes.take());
          rounds.set(round + 1);
        }
      }
      out.write(bytes.take());
      rounds.set(flood.rounds());
      written.countDown();
      if (!flood.outcome().reads()) {
        // Nothing is read, so only what is written shows that nobody is there any more.
        while (!over && flood.outcome().cut()) {
          out.write(Frame.ping(0).bytes());
        }
      }
    } catch (IOException e) {
      end();
    } finally {
      written.countDown();
    }
  }

  private void read() {
    try {
      var in = new DataInputStream(socket.getInputStream());
      var head = new byte[Frame.HEAD];
      while (true) {
        in.readFully(head);
        var payload = new byte[FrameReader.length(head, 0)];
        in.readFully(payload);
        if (FrameReader.frame(head, 0, payload).is(Frame.HEADERS)) {
          replies.incrementAndGet();
        }
      }
    } catch (IOException e) {
      end();
    }
  }

  private void end() {
    if (closed.getCount() > 0) {
      closedAt = System.nanoTime();
      closed.countDown();
    }
  }

  /** Waits until everything is sent or nothing more can be; false if that takes too long. */
  boolean awaitWritten() throws InterruptedException {
    return written.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Waits until the server has closed the connection; false if it doesn't in that time. */
  boolean awaitClosed(long millis) throws InterruptedException {
    return closed.await(millis, TimeUnit.MILLISECONDS);
  }

  /** Whether the server has closed it. */
  boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** How long it lived. */
  double millis() {
    return (closedAt - begunAt) / 1e6;
  }

  /** Heads of replies so far. */
  int replies() {
    return replies.get();
  }

  /** Rounds that were written. */
  int rounds() {
    return rounds.get();
  }

  /** Ends the attack. */
  void leave() throws IOException {
    over = true;
    socket.close();
  }

  /** What its threads spent, in nanoseconds of CPU; complete once it is closed. */
  long cpuNanos() {
    return cpuNanos.get();
  }

  @Override
  public void close() throws IOException {
    leave();
    for (var thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
