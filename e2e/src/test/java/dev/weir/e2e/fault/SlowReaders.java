package dev.weir.e2e.fault;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** Clients that ask a fast backend for 100 MiB each and take next to nothing of it. */
final class SlowReaders implements AutoCloseable {
  private static final int SIZE = 100 << 20;

  private final AtomicLong written = new AtomicLong();
  private final AtomicInteger writing = new AtomicInteger();
  private final List<Wire> wires = new ArrayList<>();
  private final Backend backend =
      Backend.scripted(
          "big",
          call -> {
            var piece = new byte[16 << 10];
            call.write("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n");
            writing.incrementAndGet();
            try {
              for (int at = 0; at < SIZE; at += piece.length) {
                call.write(piece);
                written.addAndGet(piece.length);
              }
            } finally {
              writing.decrementAndGet();
            }
          });

  /** Serves {@code big.test}. */
  Backend backend() {
    return backend;
  }

  /** Adds some, who don't even look at the heads of their replies. */
  void add(WeirProcess weir, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      var wire = Wire.narrow(weir.http(), 4096);
      wires.add(wire);
      wire.send("GET / HTTP/1.1\r\nHost: big.test\r\n\r\n");
    }
  }

  /** How many clients there are. */
  int count() {
    return wires.size();
  }

  /** Waits until the backend gets rid of no byte any more. */
  void awaitStall() {
    var before = new AtomicLong(-1);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(300))
        .atMost(Duration.ofMinutes(2))
        .until(() -> before.getAndSet(written.get()) == written.get());
  }

  /** Replies that the backend can't get rid of. */
  int stalled() {
    return writing.get();
  }

  /** Each takes a little. */
  void sip() throws IOException {
    for (var wire : wires) {
      assertThat(wire.bytes(1024)).startsWith("HTTP/1.1 200 OK".getBytes(US_ASCII));
    }
  }

  /** All leave. */
  void leave() throws IOException {
    for (var wire : wires) {
      wire.close();
    }
    wires.clear();
  }

  @Override
  public void close() throws IOException {
    leave();
  }
}
