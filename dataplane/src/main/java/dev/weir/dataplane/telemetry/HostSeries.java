package dev.weir.dataplane.telemetry;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The series of one route on one host, by method, status and canary. Few exist, so they are
 * scanned. Safe on every thread: a new series makes a new array.
 */
final class HostSeries {
  /** An upstream may answer with 500 statuses; from here on new ones are counted by class. */
  private static final int MANY = 200;

  /** Statuses are less. */
  private static final int METHOD = 1_000;

  private static final int FIRST_STATUS = 100;
  private static final int LAST_STATUS = 599;

  /** What is no status of HTTP (RFC 9110 15). */
  private static final int NO_STATUS = 0;

  private final SeriesLayout layout;
  private final SeriesBudget budget;
  private volatile Entry[] entries = {};

  /** Guarded by this. */
  private boolean closed;

  /**
   * What tells series apart.
   *
   * @param status three digits, or one for a class
   */
  record Key(int method, int status, String canary) {
    String statusText() {
      return status == NO_STATUS ? "OTHER" : status < 10 ? status + "xx" : Integer.toString(status);
    }
  }

  /** A series; its key is in one number as far as may be, since every request compares it. */
  private record Entry(int code, String canary, StripedLongs values) {
    boolean is(int otherCode, String otherCanary) {
      return code == otherCode && canary.equals(otherCanary);
    }

    Key key() {
      return new Key(code / METHOD, code % METHOD, canary);
    }
  }

  HostSeries(SeriesLayout layout, SeriesBudget budget) {
    this.layout = layout;
    this.budget = budget;
  }

  /**
   * The numbers of a series, made if they are new.
   *
   * @param method from {@link Methods}
   * @param status a status, or its first digit for a class
   * @return null if it would be new and there may be none, or none any more
   */
  @Nullable StripedLongs find(int method, int status, String canary) {
    int code = method * METHOD + known(status);
    for (var entry : entries) {
      if (entry.is(code, canary)) {
        return entry.values;
      }
    }
    return add(code, canary);
  }

  private static int known(int status) {
    boolean ofHttp = status >= FIRST_STATUS && status <= LAST_STATUS;
    return ofHttp || (status > 0 && status <= LAST_STATUS / 100) ? status : NO_STATUS;
  }

  void forEach(BiConsumer<Key, StripedLongs> visitor) {
    for (var entry : entries) {
      visitor.accept(entry.key(), entry.values);
    }
  }

  /** Takes no new series any more and gives back what there was for those that it has. */
  synchronized void close() {
    if (!closed) {
      closed = true;
      budget.give(entries.length);
    }
  }

  private synchronized @Nullable StripedLongs add(int wanted, String canary) {
    int status = wanted % METHOD;
    int code = entries.length < MANY || status < 10 ? wanted : wanted - status + status / 100;
    for (var entry : entries) {
      if (entry.is(code, canary)) {
        return entry.values;
      }
    }
    if (closed || !budget.take()) {
      return null;
    }
    var values = layout.newSeries();
    var longer = Arrays.copyOf(entries, entries.length + 1);
    longer[entries.length] = new Entry(code, canary, values);
    entries = longer;
    return values;
  }
}
