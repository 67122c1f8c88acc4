package dev.weir.e2e.flood;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The backend behind the attacked route: answers {@code /small} at once and {@code /large} with a
 * megabyte, and anything else never; counts requests until the proxy gives them up.
 */
final class Target implements Script {
  private static final int PIECE = 64 * 1024;
  private static final int PIECES = 16;

  private final Backend backend = Backend.scripted(Flood.NAME, this);
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();

  Backend backend() {
    return backend;
  }

  @Override
  public void serve(Call call) throws IOException {
    most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
    try {
      switch (call.head().target()) {
        case "/small" -> call.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        case "/large" -> large(call);
        default -> {
          // Its end is that of the connection: nothing else comes of it.
          while (call.socket().getInputStream().read() >= 0) {}
          cancelled.incrementAndGet();
          call.close();
        }
      }
    } catch (IOException e) {
      cancelled.incrementAndGet();
      throw e;
    } finally {
      inFlight.decrementAndGet();
    }
  }

  private static void large(Call call) throws IOException {
    call.write("HTTP/1.1 200 OK\r\nContent-Length: " + PIECES * PIECE + "\r\n\r\n");
    var piece = new byte[PIECE];
    Arrays.fill(piece, (byte) 'x');
    for (int i = 0; i < PIECES; i++) {
      call.write(piece);
    }
  }

  /** Requests that are neither answered nor given up. */
  int inFlight() {
    return inFlight.get();
  }

  /** Of them, the most that there ever were. */
  int most() {
    return most.get();
  }

  /** Requests that were given up. */
  int cancelled() {
    return cancelled.get();
  }
}
