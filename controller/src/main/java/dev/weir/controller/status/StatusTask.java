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
 * Keeps the status of all served Ingresses as it ought to be while this replica leads: finds out
 * the addresses at every interval and when told that they may have changed, and writes where they
 * differ, at most so many a second that 10,000 Ingresses take some minutes and an API server hardly
 * notices.
 *
 * <p>An API server that doesn't answer, or says that it is busy, holds up all writes; what it has
 * against one Ingress holds up that one. Only when it refuses several in a row is it asked less
 * often, until something changes.
 *
 * <p>One thread runs it until it is interrupted.
 */
final class StatusTask implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusTask.class);
  private static final int PER_SECOND = 50;
  private static final int BURST = 50;
  private static final int BAD_REQUEST = 400;
  private static final int INVALID = 422;
  private static final int UNAVAILABLE = 503;

  /** Refusals one after another, without a success, that may still be several bad Ingresses. */
  private static final int IN_A_ROW = 3;

  private final AddressSource source;
  private final StatusBook book;
  private final StatusWriter writer;
  private final Leadership leadership;
  private final ReportMetrics metrics;
  private final Duration interval;
  private final LongSupplier nanos;
  private final TokenBucket bucket;
  private final Signal signal = new Signal();
  private final Complaint complaint = new Complaint("Writing the status of Ingresses");
  private final Backoff backoff;
  private volatile boolean stale = true;
  private long refreshed;
  private int refusals;

  /** Which Ingresses ought to show what, and who writes it. */
  record Parts(AddressSource source, StatusBook book, StatusWriter writer, Leadership leadership) {}

  /**
   * @param nanos a monotonic clock
   */
  StatusTask(Parts parts, ReportMetrics metrics, Duration interval, LongSupplier nanos) {
    this.source = parts.source();
    this.book = parts.book();
    this.writer = parts.writer();
    this.leadership = parts.leadership();
    this.metrics = metrics;
    this.interval = interval;
    this.nanos = nanos;
    this.bucket = new TokenBucket(PER_SECOND, BURST, nanos);
    this.backoff =
        new Backoff(
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            new Random(ThreadLocalRandom.current().nextLong()));
  }

  /** There may be something to write. Any thread; doesn't wait. */
  void wake() {
    signal.raise();
  }

  /** The addresses may have changed. Any thread; doesn't wait. */
  void addressesChanged() {
    stale = true;
    signal.raise();
  }

  @Override
  public void run() {
    try {
      while (true) {
        try {
          turn();
        } catch (RuntimeException e) {
          LOG.error("Writing the status of Ingresses failed; it goes on. This is a bug.", e);
          waitFor(backoff.next());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void turn() throws InterruptedException {
    if (!leadership.leads()) {
      book.wantNothing();
      stale = true;
      signal.await(interval);
      return;
    }
    try {
      long age = nanos.getAsLong() - refreshed;
      if (stale || age >= interval.toNanos()) {
        stale = false;
        refreshed = nanos.getAsLong();
        refresh();
      }
      var task = book.take();
      if (task == null) {
        signal.await(book.untilNext(interval.minusNanos(nanos.getAsLong() - refreshed)));
      } else {
        write(task);
      }
    } catch (ApiFailure e) {
      // Only refresh leads here.
      stale = true;
      pause(e);
    }
  }

  private void refresh() throws ApiFailure, InterruptedException {
    var addresses = source.addresses();
    if (addresses.isEmpty()) {
      book.wantNothing();
    } else {
      book.want(StatusBook.sorted(addresses.get()));
    }
  }

  private void write(StatusBook.Task task) throws InterruptedException {
    waitFor(bucket.take());
    try {
      var outcome = writer.write(task.ingress(), task.addresses());
      switch (outcome) {
        case WRITTEN, SAME -> {
          book.done(task, outcome == StatusWriter.Outcome.WRITTEN);
          if (!book.refuses()) {
            complaint.over();
          }
          refusals = 0;
          backoff.reset();
        }
        case GONE -> {}
        case CONTENDED -> book.refused(task, Duration.ZERO);
        case NOT_NOW -> {
          book.again(task);
          waitFor(backoff.next());
        }
      }
    } catch (ApiFailure e) {
      metrics.statusFailed.increment();
      complaint.failed(
          e,
          "read Ingresses and update their status in namespace " + task.ingress().key().namespace(),
          "{apiGroups: [\"networking.k8s.io\"], resources: [\"ingresses\"], verbs: [\"get\"]} and"
              + " {apiGroups: [\"networking.k8s.io\"], resources: [\"ingresses/status\"], verbs:"
              + " [\"update\"]}",
          "they don't show where they are reached");
      failed(task, e);
    }
  }

  private void failed(StatusBook.Task task, ApiFailure failure) throws InterruptedException {
    switch (failure.code()) {
      case ApiFailure.NO_ANSWER, Codes.TOO_MANY, UNAVAILABLE -> {
        book.again(task);
        pause(failure);
        return;
      }
      // What is invalid won't be valid the next moment.
      case BAD_REQUEST, INVALID -> book.refused(task, interval);
      default -> book.refused(task, failure.retryAfter());
    }
    refusals++;
    if (refusals > IN_A_ROW) {
      signal.await(backoff.next());
    }
  }

  private void pause(ApiFailure failure) throws InterruptedException {
    var pause = backoff.next();
    waitFor(failure.retryAfter().compareTo(pause) > 0 ? failure.retryAfter() : pause);
  }

  /** Signals wake nothing here; they are found afterwards. */
  private static void waitFor(Duration time) throws InterruptedException {
    if (time.isPositive()) {
      new Signal().await(time);
    }
  }
}
