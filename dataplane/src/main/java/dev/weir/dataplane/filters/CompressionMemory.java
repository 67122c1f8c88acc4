package dev.weir.dataplane.filters;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the native memory of all replies that are being compressed together: clients that read
 * slowly, as many as they like to be, can't have more of it. Who finds too little left for brotli
 * gets gzip if he takes that, and who finds none left is sent his reply as it is. May be used from
 * any thread.
 */
final class CompressionMemory {
  /** Bytes in all. */
  static final long MOST = 128L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(CompressionMemory.class);

  private final long kept;
  private final AtomicLong left;
  private final AtomicBoolean told = new AtomicBoolean();

  CompressionMemory() {
    this(MOST);
  }

  CompressionMemory(long bytes) {
    kept = bytes / 4;
    left = new AtomicLong(bytes);
  }

  /** What one reply has of it. Owned by the reply's event loop. */
  static final class Share {
    private final CompressionMemory of;
    private long bytes;

    private Share(CompressionMemory of, long bytes) {
      this.of = of;
      this.bytes = bytes;
    }

    /** Gives it back; more calls do nothing. */
    void close() {
      of.left.addAndGet(bytes);
      bytes = 0;
    }
  }

  /** That many bytes; null if there aren't as many left. */
  @Nullable Share take(long bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return new Share(this, bytes);
    }
    left.addAndGet(bytes);
    if (!told.getAndSet(true)) {
      LOG.info(
          "Replies go uncompressed for the moment: others that are being compressed have all the"
              + " memory that is meant for it. Said once.");
    }
    return null;
  }

  /**
   * As {@link #take} for one who could do with less: a quarter of all is kept for the others, so
   * that many who take a lot don't leave the rest uncompressed.
   */
  @Nullable Share takeAsLuxury(long bytes) {
    if (left.addAndGet(-bytes) >= kept) {
      return new Share(this, bytes);
    }
    left.addAndGet(bytes);
    return null;
  }

  /** Bytes that nobody has. */
  long left() {
    return left.get();
  }
}
