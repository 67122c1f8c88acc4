package dev.weir.controller.status;

import dev.weir.controller.source.ApiFailure;
import dev.weir.controller.source.Backoff;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Events while this replica leads, so that N replicas don't say everything N times; what
 * waits on others is forgotten. Without leader election every replica writes, and names of Events
 * that depend on nothing but what they say keep them one.
 *
 * <p>Who begins to lead says all findings that stand, unless that was said before; and once in a
 * while they are said again, since an API server keeps Events for an hour.
 *
 * <p>One thread runs it until it is interrupted.
 */
final class EventTask implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(EventTask.class);
  private static final int PER_SECOND = 10;
  private static final int BURST = 50;

  private final EventBook book;
  private final EventWriter writer;
  private final Leadership leadership;
  private final ReportMetrics metrics;
  private final Duration repeat;
  private final LongSupplier nanos;
  private final TokenBucket bucket;
  private final EventBounds bounds;
  private final Signal signal = new Signal();
  private final Complaint complaint = new Complaint("Writing Events");
  private final Backoff backoff =
      new Backoff(
          Duration.ofMillis(500),
          Duration.ofSeconds(30),
          new Random(ThreadLocalRandom.current().nextLong()));
  private boolean leading;
  private long repeated;

  /**
   * @param repeat after how long what stands is said again
   * @param nanos a monotonic clock
   */
  EventTask(Parts parts, ReportMetrics metrics, Duration repeat, LongSupplier nanos) {
    this.book = parts.book();
    this.writer = parts.writer();
    this.leadership = parts.leadership();
    this.metrics = metrics;
    this.repeat = repeat;
    this.nanos = nanos;
    this.bucket = new TokenBucket(PER_SECOND, BURST, nanos);
    this.bounds = new EventBounds(nanos);
  }

  /** What there is to say, and who says it. */
  record Parts(EventBook book, EventWriter writer, Leadership leadership) {}

  /** There may be something to say. Any thread; doesn't wait. */
  void wake() {
    signal.raise();
  }

  @Override
  public void run() {
    try {
      while (true) {
        try {
          turn();
        } catch (RuntimeException e) {
          LOG.error("Writing an Event failed; others are written. This is a bug.", e);
          waitFor(backoff.next());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void turn() throws InterruptedException {
    if (!leadership.leads()) {
      leading = false;
      if (leadership.decided()) {
        book.forget();
      }
      signal.await(repeat);
      return;
    }
    long now = nanos.getAsLong();
    if (!leading) {
      leading = true;
      repeated = now;
      book.repeat(true);
    } else if (now - repeated >= repeat.toNanos()) {
      repeated = now;
      book.repeat(false);
    }
    var offer = book.take();
    if (offer == null) {
      signal.await(repeat.minusNanos(nanos.getAsLong() - repeated));
    } else if (bounds.allows(offer.note().object().key())) {
      write(offer);
    } else {
      metrics.eventsDropped.increment();
    }
  }

  private void write(EventBook.Offer offer) throws InterruptedException {
    waitFor(bucket.take());
    try {
      writer.write(offer);
      bounds.count(offer.note().object().key());
      metrics.eventsWritten.increment();
      backoff.reset();
      complaint.over();
    } catch (ApiFailure e) {
      metrics.eventsFailed.increment();
      if (isOver(e)) {
        return;
      }
      complaint.failed(
          e,
          "create and patch Events in namespace " + offer.note().object().key().namespace(),
          "{apiGroups: [\"\"], resources: [\"events\"], verbs: [\"create\", \"patch\"]}",
          "what is wrong with objects stands in the log and at /debug/findings only");
      if (e.code() == ApiFailure.NO_ANSWER || e.code() == Codes.TOO_MANY || e.code() >= 500) {
        book.again(offer);
      }
      var pause = backoff.next();
      waitFor(e.retryAfter().compareTo(pause) > 0 ? e.retryAfter() : pause);
    }
  }

  /** A namespace that is gone or going takes no Events, and its objects need none. */
  private static boolean isOver(ApiFailure failure) {
    return failure.code() == Codes.NOT_FOUND
        || (failure.code() == Codes.FORBIDDEN && failure.text().contains("being terminated"));
  }

  private static void waitFor(Duration time) throws InterruptedException {
    if (time.isPositive()) {
      new Signal().await(time);
    }
  }
}
