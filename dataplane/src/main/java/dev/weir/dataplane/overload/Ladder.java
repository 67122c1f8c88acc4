package dev.weir.dataplane.overload;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where one {@link Signal} stands: up at once, down only when the reading has been clearly lower
 * for a second, so that it doesn't swing. Owned by the overload thread; the rung may be read from
 * any.
 */
final class Ladder {
  /** Nanoseconds for which a lower reading has to last. */
  static final long HOLD = 1_000_000_000L;

  private final Signal signal;
  private volatile Rung rung = Rung.NORMAL;
  private volatile Rung inEffect = Rung.NORMAL;
  private volatile double reading;
  private long neededAt;

  Ladder(Signal signal) {
    this.signal = signal;
  }

  Signal signal() {
    return signal;
  }

  Rung rung() {
    return rung;
  }

  /** Its measures have been taken. */
  void takeEffect() {
    inEffect = rung;
  }

  /** The rung whose measures have been taken. */
  Rung inEffect() {
    return inEffect;
  }

  /** What is given up on the rungs up to this one, as far as it helps. */
  Set<Rung> measures() {
    var measures = EnumSet.noneOf(Rung.class);
    for (var each : Rung.values()) {
      if (each.compareTo(rung) <= 0 && signal.takes(each)) {
        measures.add(each);
      }
    }
    return measures;
  }

  /** The last one. */
  double reading() {
    return reading;
  }

  /**
   * Takes a reading.
   *
   * @param now of {@link System#nanoTime}
   * @return whether the rung is another one now
   */
  boolean take(double newReading, long now) {
    reading = newReading;
    var before = rung;
    var wanted = signal.entered(newReading);
    if (wanted.compareTo(before) > 0) {
      neededAt = now;
      rung = wanted;
      return true;
    }
    var kept = signal.kept(newReading);
    if (kept.compareTo(before) >= 0) {
      neededAt = now;
      return false;
    }
    if (now - neededAt < HOLD) {
      return false;
    }
    neededAt = now;
    rung = kept;
    return true;
  }
}
