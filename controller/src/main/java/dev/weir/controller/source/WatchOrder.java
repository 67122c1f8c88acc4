package dev.weir.controller.source;

import dev.weir.controller.resource.ObjectKey;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps a watch from going back: an event is news only if its version is above the one that the
 * watch started from and above what was last seen of the same object. Versions are compared as
 * numbers where they are numbers; where they aren't, every event is news.
 *
 * <p>One for each watch request; owned by its thread.
 */
final class WatchOrder {
  private final Map<ObjectKey, Long> seen = new HashMap<>();
  private final long floor;
  private String position;

  WatchOrder(String position) {
    this.position = position;
    this.floor = number(position);
  }

  /** The version to resume from: the greatest seen, or the last where they can't be compared. */
  String position() {
    return position;
  }

  /** Notes an event; answers whether it is news. */
  boolean isNews(ObjectKey key, String version) {
    long number = number(version);
    if (number < 0 || floor < 0) {
      advance(version);
      return true;
    }
    if (number <= Math.max(floor, seen.getOrDefault(key, 0L))) {
      return false;
    }
    seen.put(key, number);
    advance(version);
    return true;
  }

  /** Notes a bookmark; answers false if the server's time has gone back behind our start. */
  boolean bookmark(String version) {
    long number = number(version);
    if (number >= 0 && floor >= 0 && number < floor) {
      return false;
    }
    advance(version);
    return true;
  }

  private void advance(String version) {
    long number = number(version);
    if (version.isEmpty() || (number >= 0 && number < number(position))) {
      return;
    }
    position = version;
  }

  /** Versions are unsigned decimal numbers in all servers built on etcd; -1 for others. */
  private static long number(String version) {
    if (version.isEmpty() || version.length() > 18) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < version.length(); i++) {
      int digit = version.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
