package dev.weir.controller.source;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The answers that one watch reads, one after another. Any thread may {@link #cut} them. */
final class Answers {
  private final ApiClient client;
  private final Watchdog watchdog;
  private volatile @Nullable ApiBody current;
  private volatile boolean over;

  Answers(ApiClient client, Watchdog watchdog) {
    this.client = client;
    this.watchdog = watchdog;
  }

  /** Reads a body; the guard cuts it when its time runs out. */
  interface Reader<T> {
    T read(ApiBody body, Watchdog.Guard guard) throws IOException, InterruptedException;
  }

  /**
   * Sends a request and has its answer read.
   *
   * @param limit how long the body may take, or its next piece if the reader touches the guard
   * @throws ApiFailure if the answer is not a 200, or there is none
   * @throws InterruptedException if the source was closed
   */
  <T> T read(String path, Duration limit, Reader<T> reader)
      throws IOException, InterruptedException {
    var body = client.get(path);
    current = body;
    if (over) {
      body.close();
    }
    try (body;
        var guard = watchdog.guard(body, limit)) {
      return reader.read(body, guard);
    } finally {
      current = null;
    }
  }

  /** Ends the answer that is being read, and all later ones at once. */
  void cut() {
    over = true;
    var body = current;
    if (body != null) {
      body.close();
    }
  }
}
