package dev.weir.controller.status;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.controller.source.ApiCalls;
import dev.weir.controller.source.ApiFailure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes and keeps the Lease that makes one replica the leader, by reading (GET), creating (POST)
 * and replacing it whole (PUT); the rights that ingress-nginx has allow no PATCH.
 *
 * <p>With {@code T} for the Lease's duration: the Lease is looked at, or renewed, every {@code
 * T/4}. Who has it leads until {@code T/2} after it <em>sent</em> the last renewal that succeeded.
 * Who doesn't have it takes it over when it hasn't changed for {@code T} since this replica first
 * saw it so, or when nobody holds it. The parts of a request are bounded ({@link #bound}), so that
 * one which the leader sent in time is over before anybody else may lead.
 *
 * <p>Every replacement carries the resourceVersion of the Lease that it replaces: of two that take
 * it at once, one gets 409. A Lease that somebody rewrote or deleted is noticed by {@link
 * #confirm}, which is asked before writes and finds another version than our last.
 *
 * <p>All durations are measured on a monotonic clock of this machine, and the times inside the
 * Lease are written for people and never read: clocks may differ, and jump.
 *
 * <p>One thread runs it until it is interrupted; the others ask.
 */
final class Elector implements Leadership, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Elector.class);
  private static final Duration LONGEST_LOOK_BACK = Duration.ofSeconds(1);
  private static final String OFF = "no replica leads, so neither status nor Events are written";

  private final ApiCalls calls;
  private final ReportSettings.Pod pod;
  private final ReportSettings.Election election;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Runnable onChange;
  private final String collection;
  private final Signal wake = new Signal();
  private final Complaint complaint = new Complaint("Taking the Lease");
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock, which is held during requests.
  private @Nullable ObjectNode held;
  private LeaseSpec seen = new LeaseSpec("", "", Duration.ZERO);
  private long seenSince;
  private long confirmedAt;

  // Written under the lock, read by any thread.
  private volatile boolean decided;
  private volatile Term term = Term.NONE;

  /** A time during which we lead; compared with the monotonic clock. */
  private record Term(boolean leads, long until) {
    static final Term NONE = new Term(false, 0);
  }

  /**
   * @param calls bounded by {@link #bound}
   * @param clock for what people read
   * @param nanos a monotonic clock
   * @param onChange called when it begins or ends to lead, and once it is known that another one
   *     does; must not wait
   */
  Elector(
      ApiCalls calls,
      ReportSettings.Pod pod,
      ReportSettings.Election election,
      InstantSource clock,
      LongSupplier nanos,
      Runnable onChange) {
    this.calls = calls;
    this.pod = pod;
    this.election = election;
    this.clock = clock;
    this.nanos = nanos;
    this.onChange = onChange;
    this.collection = "/apis/coordination.k8s.io/v1/namespaces/" + pod.namespace() + "/leases";
  }

  /**
   * The bound of calls, which end within three times as much: after {@code 7/8 T} at the latest.
   */
  static Duration bound(Duration ttl) {
    return ttl.dividedBy(8);
  }

  @Override
  public boolean decided() {
    return decided;
  }

  @Override
  public boolean leads() {
    var now = term;
    return now.leads && nanos.getAsLong() - now.until < 0;
  }

  @Override
  public boolean confirm() throws InterruptedException {
    if (!leads()) {
      return false;
    }
    lock.lockInterruptibly();
    try {
      long began = nanos.getAsLong();
      if (began - confirmedAt >= lookBack()) {
        look(began);
      }
      return leads();
    } catch (ApiFailure e) {
      LOG.debug("Can't look at the Lease: {}", e.text());
      return false;
    } finally {
      lock.unlock();
    }
  }

  private long lookBack() {
    var part = election.ttl().dividedBy(8);
    return (part.compareTo(LONGEST_LOOK_BACK) < 0 ? part : LONGEST_LOOK_BACK).toNanos();
  }

  /** Is the Lease still as we wrote it? Not a renewal: that is the elector thread's. */
  private void look(long began) throws ApiFailure, InterruptedException {
    ObjectNode lease;
    try {
      lease = calls.get(path());
    } catch (ApiFailure e) {
      if (e.code() == Codes.NOT_FOUND) {
        lose("it was deleted");
        return;
      }
      throw e;
    }
    var spec = LeaseSpec.of(lease);
    if (!spec.holder().equals(pod.name())) {
      observe(spec);
      lose(spec.holder().isEmpty() ? "nobody holds it" : spec.holder() + " holds it");
      return;
    }
    held = lease; // perhaps with other labels than we wrote
    confirmedAt = began;
  }

  @Override
  public void run() {
    try {
      while (true) {
        wake.await(turn());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One look or renewal; answers when to do the next. */
  private Duration turn() throws InterruptedException {
    var quarter = election.ttl().dividedBy(4);
    lock.lockInterruptibly();
    try {
      boolean led = term.leads;
      try {
        step();
        complaint.over();
        // Replicas that look at different moments don't take it over at the same one.
        long spread = leads() ? 0 : quarter.toNanos() / 5;
        return quarter.plusNanos(ThreadLocalRandom.current().nextLong(spread + 1));
      } catch (ApiFailure e) {
        return failed(e, led);
      } catch (RuntimeException e) {
        LOG.error("A look at the Lease {} failed. This is a bug.", name(), e);
        return quarter;
      } finally {
        if (term.leads && !leads()) {
          lose("it could not be renewed in time");
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void step() throws ApiFailure, InterruptedException {
    long began = nanos.getAsLong();
    var mine = held;
    if (mine != null && take(mine, began)) {
      return;
    }
    held = null;
    ObjectNode lease;
    try {
      lease = calls.get(path());
    } catch (ApiFailure e) {
      if (e.code() == Codes.NOT_FOUND) {
        create(began);
        return;
      }
      throw e;
    }
    var spec = LeaseSpec.of(lease);
    observe(spec);
    if (isFree(spec)) {
      take(lease, nanos.getAsLong());
      return;
    }
    if (!decided) {
      decided = true;
      onChange.run();
    }
    lose(spec.holder() + " holds it");
  }

  /**
   * Notes since when the Lease has been as it is: from now on, since it may have been renewed while
   * the request was under way.
   */
  private void observe(LeaseSpec spec) {
    if (!spec.equals(seen)) {
      if (!spec.holder().equals(seen.holder()) && !spec.holder().isEmpty()) {
        LOG.info("{} leads", spec.holder());
      }
      seen = spec;
      seenSince = nanos.getAsLong();
    }
  }

  private boolean isFree(LeaseSpec spec) {
    if (spec.holder().isEmpty() || spec.holder().equals(pod.name())) {
      return true;
    }
    var duration = spec.duration().isZero() ? election.ttl() : spec.duration();
    return nanos.getAsLong() - seenSince - duration.toNanos() > 0;
  }

  private void create(long began) throws ApiFailure, InterruptedException {
    var lease = calls.newObject().put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
    lease.putObject("metadata").put("name", election.lease()).put("namespace", pod.namespace());
    LeaseSpec.hold(lease, pod.name(), election.ttl(), clock.instant());
    try {
      won(calls.create(collection, lease), began);
    } catch (ApiFailure e) {
      if (e.code() != Codes.CONFLICT) {
        throw e;
      }
      lose("another replica was faster");
    }
  }

  /** Replaces the Lease by one that is ours; answers false if it isn't as we know it. */
  private boolean take(ObjectNode known, long began) throws ApiFailure, InterruptedException {
    var lease = known.deepCopy();
    LeaseSpec.hold(lease, pod.name(), election.ttl(), clock.instant());
    try {
      won(calls.replace(path(), lease), began);
      return true;
    } catch (ApiFailure e) {
      if (e.code() == Codes.CONFLICT || e.code() == Codes.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private void won(ObjectNode lease, long began) {
    held = lease;
    seen = LeaseSpec.of(lease);
    seenSince = began;
    confirmedAt = began;
    decided = true;
    // A term that ran out may have been noticed already, by somebody who waits to be told.
    boolean led = leads();
    term = new Term(true, began + election.ttl().dividedBy(2).toNanos());
    if (!led) {
      LOG.info("{} leads: it writes status and Events (Lease {})", pod.name(), name());
      onChange.run();
    }
  }

  private void lose(String why) {
    held = null;
    if (term.leads) {
      term = Term.NONE;
      LOG.info("{} does not lead any more (Lease {}): {}", pod.name(), name(), why);
      onChange.run();
      wake.raise();
    }
  }

  private Duration failed(ApiFailure failure, boolean led) {
    complaint.failed(
        failure,
        "read, create or update the Lease " + name(),
        "{apiGroups: [\"coordination.k8s.io\"], resources: [\"leases\"], verbs: [\"get\","
            + " \"create\", \"update\"]}",
        OFF);
    if (failure.code() == Codes.FORBIDDEN) {
      return election.ttl();
    }
    // What is left of the term is worth more than one try.
    var pause = election.ttl().dividedBy(led ? 16 : 4);
    return failure.retryAfter().compareTo(pause) > 0 ? failure.retryAfter() : pause;
  }

  /** Gives the Lease back, so that another replica needn't wait for its end. */
  void release() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      var mine = held;
      boolean led = leads();
      lose("it ends");
      if (led && mine != null && !release(mine)) {
        // A renewal that was cut may have been done.
        var now = calls.get(path());
        if (LeaseSpec.of(now).holder().equals(pod.name())) {
          release(now);
        }
      }
    } catch (ApiFailure e) {
      LOG.debug("The Lease could not be given back and runs out: {}", e.text());
    } finally {
      lock.unlock();
    }
  }

  private boolean release(ObjectNode mine) throws ApiFailure, InterruptedException {
    var lease = mine.deepCopy();
    LeaseSpec.release(lease, clock.instant());
    try {
      calls.replace(path(), lease);
      return true;
    } catch (ApiFailure e) {
      if (e.code() == Codes.CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  private String path() {
    return collection + "/" + election.lease();
  }

  private String name() {
    return pod.namespace() + "/" + election.lease();
  }
}
