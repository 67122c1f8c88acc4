package dev.weir.controller.source;

/**
 * Passes batches on to the listener, one at a time, until it is closed, and says when every watch
 * has delivered its first list. May be used from any thread.
 */
final class Deliveries implements AutoCloseable {
  private final SourceListener listener;
  private int missing;
  private boolean closed;

  /**
   * @param watches how many call {@link #synced}, once each
   */
  Deliveries(SourceListener listener, int watches) {
    this.listener = listener;
    this.missing = watches;
  }

  synchronized void deliver(SourceBatch batch) {
    if (!closed) {
      listener.onBatch(batch);
    }
  }

  /** Notes that a watch has delivered its first list. */
  synchronized void synced() {
    missing--;
    if (missing == 0 && !closed) {
      listener.onSynced();
    }
  }

  /** Waits for a call that is under way. */
  @Override
  public synchronized void close() {
    closed = true;
  }
}
