package dev.weir.controller.status;

import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.LoadBalancerAddress;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the status of each served Ingress shows, what it ought to show, and so which are to be
 * written.
 *
 * <p>What somebody else writes over ours is put right at once, but then not again before {@code
 * interval} is over: two controllers that both believe an Ingress to be theirs must not write
 * without end. An Ingress whose status is refused waits, longer each time and at most for {@code
 * interval}, while the others are written.
 *
 * <p>Thread rule: any thread.
 */
final class StatusBook {
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(500);

  private final Duration interval;
  private final LongSupplier nanos;
  private final Map<ObjectKey, Entry> entries = new HashMap<>();
  private final LinkedHashSet<ObjectKey> pending = new LinkedHashSet<>();
  private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(Waiting::earlier);
  private @Nullable List<LoadBalancerAddress> wanted;

  /** A refused Ingress, and when it is tried again. */
  private record Waiting(ObjectKey ingress, long due) {
    private static int earlier(Waiting one, Waiting other) {
      return Long.signum(one.due - other.due);
    }
  }

  /** An Ingress. */
  private static final class Entry {
    private final ObjectRef ref;
    private List<LoadBalancerAddress> shown;

    /** Whether it is being written, or was without an answer: it may show that already. */
    private boolean asked;

    private int told;
    private @Nullable List<LoadBalancerAddress> written;
    private boolean corrected;
    private long correctedAt;
    private int refusals;
    private @Nullable Waiting waits;

    private Entry(ObjectRef ref, List<LoadBalancerAddress> shown) {
      this.ref = ref;
      this.shown = shown;
    }
  }

  /**
   * An Ingress whose status is to be written.
   *
   * @param told how often we had been told of the Ingress by then
   */
  record Task(ObjectRef ingress, List<LoadBalancerAddress> addresses, int told) {}

  StatusBook(Duration interval, LongSupplier nanos) {
    this.interval = interval;
    this.nanos = nanos;
  }

  /** The form in which lists are compared and written: sorted, each entry once. */
  static List<LoadBalancerAddress> sorted(List<LoadBalancerAddress> addresses) {
    return addresses.stream().distinct().sorted().toList();
  }

  /** A served Ingress is like this now. */
  synchronized void put(IngressResource ingress) {
    var entry = entries.get(ingress.key());
    if (entry == null || !entry.ref.equals(ingress.ref())) {
      entry = new Entry(ingress.ref(), ingress.addresses());
      entries.put(ingress.key(), entry);
    }
    entry.shown = ingress.addresses();
    entry.told++;
    if (!lately(entry) && isToBeWritten(entry)) {
      pending.add(ingress.key());
    }
  }

  private boolean lately(Entry entry) {
    return entry.corrected && nanos.getAsLong() - entry.correctedAt < interval.toNanos();
  }

  /** An Ingress is not served any more. */
  synchronized void remove(ObjectKey ingress) {
    entries.remove(ingress);
    pending.remove(ingress);
  }

  /** All Ingresses ought to show this; sorted. */
  synchronized void want(List<LoadBalancerAddress> addresses) {
    wanted = addresses;
    pending.clear();
    entries.forEach(
        (key, entry) -> {
          if (isToBeWritten(entry)) {
            pending.add(key);
          }
        });
  }

  /** It is not known, or not ours to say, what they ought to show. */
  synchronized void wantNothing() {
    wanted = null;
    pending.clear();
    for (var refused = waiting.poll(); refused != null; refused = waiting.poll()) {
      var _ = woken(refused);
    }
  }

  private boolean isToBeWritten(Entry entry) {
    return entry.waits == null && differs(entry);
  }

  private boolean differs(Entry entry) {
    return wanted != null && !wanted.equals(entry.shown);
  }

  /** The next Ingress to write; null if there is none. */
  synchronized @Nullable Task take() {
    long now = nanos.getAsLong();
    for (var first = waiting.peek();
        first != null && first.due - now <= 0;
        first = waiting.peek()) {
      waiting.remove();
      if (woken(first)) {
        pending.add(first.ingress);
      }
    }
    while (!pending.isEmpty()) {
      var key = pending.removeFirst();
      var entry = entries.get(key);
      if (entry != null && wanted != null && differs(entry)) {
        entry.asked = true;
        return new Task(entry.ref, wanted, entry.told);
      }
    }
    return null;
  }

  /** Whether that is how the Ingress waits, which it does no more. */
  private boolean woken(Waiting refused) {
    var entry = entries.get(refused.ingress);
    if (entry == null || !refused.equals(entry.waits)) {
      return false;
    }
    entry.waits = null;
    return true;
  }

  /** After how long {@link #take} may have one that was refused; at most {@code longest}. */
  synchronized Duration untilNext(Duration longest) {
    var first = waiting.peek();
    if (first == null) {
      return longest;
    }
    var left = Duration.ofNanos(Math.max(0, first.due - nanos.getAsLong()));
    return left.compareTo(longest) < 0 ? left : longest;
  }

  /** Whether some Ingress waits because it was refused. */
  synchronized boolean refuses() {
    return !waiting.isEmpty();
  }

  /**
   * A task was refused, for reasons of its Ingress: that one waits before it is tried again.
   *
   * @param least for how long at least
   */
  synchronized void refused(Task task, Duration least) {
    var key = task.ingress().key();
    var entry = entries.get(key);
    if (entry == null || !entry.ref.equals(task.ingress()) || !differs(entry)) {
      return;
    }
    var pause = SHORTEST_WAIT.multipliedBy(1L << Math.min(entry.refusals, 20));
    entry.refusals++;
    pause = pause.compareTo(least) < 0 ? least : pause;
    pause = pause.compareTo(interval) > 0 ? interval : pause;
    var refused = new Waiting(key, nanos.getAsLong() + pause.toNanos());
    entry.waits = refused;
    pending.remove(key);
    waiting.add(refused);
  }

  /** A task could not be done: later again, after the others. */
  synchronized void again(Task task) {
    var entry = entries.get(task.ingress().key());
    if (entry != null && entry.ref.equals(task.ingress()) && differs(entry)) {
      pending.add(task.ingress().key());
    }
  }

  /**
   * A task is done: the Ingress shows what it ought to, unless somebody was faster. What we were
   * told of it meanwhile may be older or newer than that, so it is looked at again.
   *
   * @param wrote whether it had to be written
   */
  synchronized void done(Task task, boolean wrote) {
    var entry = entries.get(task.ingress().key());
    if (entry == null || !entry.ref.equals(task.ingress())) {
      return;
    }
    entry.refusals = 0;
    entry.asked = false;
    if (entry.told == task.told()) {
      entry.shown = task.addresses();
    }
    if (wrote && task.addresses().equals(entry.written)) {
      entry.corrected = true;
      entry.correctedAt = nanos.getAsLong();
      pending.remove(task.ingress().key());
    }
    if (wrote) {
      entry.written = task.addresses();
    }
  }

  /** How many addresses Ingresses ought to show; 0 if that isn't known. */
  synchronized int wantedCount() {
    return wanted == null ? 0 : wanted.size();
  }

  /** The Ingresses that show anything, as far as is known. */
  synchronized List<ObjectRef> showing() {
    var showing = new ArrayList<ObjectRef>();
    for (var entry : entries.values()) {
      if (entry.asked || !entry.shown.isEmpty()) {
        showing.add(entry.ref);
      }
    }
    return showing;
  }
}
