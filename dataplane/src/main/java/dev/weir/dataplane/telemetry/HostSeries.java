package dev.weir.dataplane.telemetry;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The series of one route on one host, by method, status and canary. Few exist, so they are
 * scanned. Safe on every thread: a new series makes a new array.
 */
final class HostSeries {
  /** An upstream may answer with 900 statuses; from here on new ones are counted by class. */
  private static final int MANY = 200;

  private final int width;
  private volatile Entry[] entries = {};

  /**
   * What tells series apart.
   *
   * @param status three digits, or one for a class
   */
  record Key(int method, int status, String canary) {
    String statusText() {
      return status < 10 ? status + "xx" : Integer.toString(status);
    }
  }

  private record Entry(Key key, StripedLongs values) {}

  HostSeries(int width) {
    this.width = width;
  }

  StripedLongs find(int method, int status, String canary) {
    var found = find(entries, method, status, canary);
    return found != null ? found : add(method, status, canary);
  }

  void forEach(BiConsumer<Key, StripedLongs> visitor) {
    for (var entry : entries) {
      visitor.accept(entry.key, entry.values);
    }
  }

  private synchronized StripedLongs add(int method, int status, String canary) {
    int bounded = entries.length < MANY || status < 10 ? status : status / 100;
    var found = find(entries, method, bounded, canary);
    if (found != null) {
      return found;
    }
    var values = new StripedLongs(width);
    var longer = Arrays.copyOf(entries, entries.length + 1);
    longer[entries.length] = new Entry(new Key(method, bounded, canary), values);
    entries = longer;
    return values;
  }

  private static @Nullable StripedLongs find(
      Entry[] entries, int method, int status, String canary) {
    for (var entry : entries) {
      var key = entry.key;
      if (key.status == status && key.method == method && key.canary.equals(canary)) {
        return entry.values;
      }
    }
    return null;
  }
}
