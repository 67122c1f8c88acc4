package dev.weir.controller.status;

import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Severity;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say in Events, and what stands: each note waits once, warnings before the rest,
 * and only so many; what doesn't fit is counted and forgotten. Findings that stand are not
 * forgotten: those that don't fit, and those that are said once more ({@link #repeat}), are taken
 * from their object when its turn comes, in turn with what else waits.
 *
 * <p>Of an Ingress there are only notes if it is ours. Findings of severity info are no warnings,
 * and those about a file or a whole kind have no object that could carry an Event. An object with
 * many findings gets Events of the first ten and one for all the others.
 *
 * <p>Thread rule: any thread; nothing here waits for long.
 */
final class EventBook {
  static final int MOST_WAITING = 4096;
  static final int MOST_OF_AN_OBJECT = 10;

  private final LongAdder dropped;
  private final LinkedHashMap<String, Offer> warnings = new LinkedHashMap<>();
  private final LinkedHashMap<String, Offer> others = new LinkedHashMap<>();
  private final Map<ObjectKey, Set<Finding>> standing = new LinkedHashMap<>();

  /** Objects whose findings are to be said, with {@link Offer#onlyIfAbsent}. */
  private final LinkedHashMap<ObjectKey, Boolean> due = new LinkedHashMap<>();

  private final Set<ObjectKey> ours = new HashSet<>();
  private boolean turnOfDue;

  /**
   * A note to write.
   *
   * @param onlyIfAbsent an Event that is there need not count it once more
   */
  record Offer(EventNote note, boolean onlyIfAbsent) {}

  /**
   * @param dropped counts what doesn't fit
   */
  EventBook(LongAdder dropped) {
    this.dropped = dropped;
  }

  /** A finding came. */
  synchronized void appeared(Finding finding) {
    if (finding.severity() == Severity.INFO || !hasObject(finding.object())) {
      return;
    }
    var all = standing.computeIfAbsent(finding.object().key(), k -> new LinkedHashSet<>());
    all.add(finding);
    if (mayCarry(finding.object().key())) {
      offer(
          all.size() <= MOST_OF_AN_OBJECT
              ? EventNote.of(finding)
              : EventNote.more(finding.object()),
          false);
    }
  }

  /** A finding is over. Its Event stays, as a note of the past; one that waits is not written. */
  synchronized void resolved(Finding finding) {
    warnings.remove(EventNote.of(finding).name());
    standing.computeIfPresent(
        finding.object().key(),
        (key, all) -> {
          all.remove(finding);
          return all.isEmpty() ? null : all;
        });
    if (!standing.containsKey(finding.object().key())) {
      due.remove(finding.object().key());
    }
  }

  private static boolean hasObject(ObjectRef object) {
    var name = object.key().name();
    return object.key().kind() != Kind.MANIFEST
        && !name.isEmpty()
        && name.chars()
            .allMatch(
                c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.');
  }

  private boolean mayCarry(ObjectKey object) {
    return object.kind() != Kind.INGRESS || ours.contains(object);
  }

  /** An Ingress is ours. What was found in it before can be said now. */
  synchronized void ours(ObjectKey ingress) {
    if (ours.add(ingress)) {
      offerStanding(ingress, false);
    }
  }

  /** An Ingress isn't ours any more. */
  synchronized void notOurs(ObjectKey ingress) {
    ours.remove(ingress);
    due.remove(ingress);
    warnings.values().removeIf(offer -> offer.note().object().key().equals(ingress));
    others.values().removeIf(offer -> offer.note().object().key().equals(ingress));
  }

  /** Something is to be said. */
  synchronized void say(EventNote note) {
    offer(note, false);
  }

  /** Offers all that stands once more, however much it is: each object in its turn. */
  synchronized void repeat(boolean onlyIfAbsent) {
    standing.keySet().stream()
        .filter(object -> mayCarry(object) && !waits(object))
        .forEach(object -> due.putIfAbsent(object, onlyIfAbsent));
  }

  private boolean waits(ObjectKey object) {
    return standing.getOrDefault(object, Set.of()).stream()
        .limit(MOST_OF_AN_OBJECT)
        .allMatch(finding -> warnings.containsKey(EventNote.of(finding).name()));
  }

  private void offerStanding(ObjectKey object, boolean onlyIfAbsent) {
    int count = 0;
    for (var finding : standing.getOrDefault(object, Set.of())) {
      count++;
      if (count > MOST_OF_AN_OBJECT) {
        offer(EventNote.more(finding.object()), onlyIfAbsent);
        return;
      }
      offer(EventNote.of(finding), onlyIfAbsent);
    }
  }

  private void offer(EventNote note, boolean onlyIfAbsent) {
    boolean warning = note.type().equals(EventNote.WARNING);
    var queue = warning ? warnings : others;
    if (queue.size() < MOST_WAITING) {
      queue.putIfAbsent(note.name(), new Offer(note, onlyIfAbsent));
    } else if (warning && standing.containsKey(note.object().key())) {
      due.putIfAbsent(note.object().key(), onlyIfAbsent);
    } else {
      dropped.increment();
    }
  }

  /** The next note; null if there is none. */
  synchronized @Nullable Offer take() {
    if (warnings.isEmpty() && (turnOfDue || others.isEmpty())) {
      offerDue();
      turnOfDue = false;
    }
    var first = warnings.pollFirstEntry();
    if (first == null) {
      turnOfDue = true;
      first = others.pollFirstEntry();
    }
    return first == null ? null : first.getValue();
  }

  /** The findings of the next object that may carry them. */
  private void offerDue() {
    for (var next = due.pollFirstEntry(); next != null; next = due.pollFirstEntry()) {
      if (mayCarry(next.getKey())) {
        offerStanding(next.getKey(), next.getValue());
        return;
      }
    }
  }

  /** A note could not be written: later again. */
  synchronized void again(Offer offer) {
    offer(offer.note(), offer.onlyIfAbsent());
  }

  /** Forgets what waits: another replica says it. */
  synchronized void forget() {
    warnings.clear();
    others.clear();
    due.clear();
  }
}
