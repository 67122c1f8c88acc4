package dev.weir.dataplane.exchange;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time as lines of the access log have it, made once a second. Safe on every thread. */
final class LogClock {
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.ROOT).withZone(ZoneOffset.UTC);

  private volatile Now now = new Now(-1, "", "");

  /**
   * A second.
   *
   * @param local {@code $time_local}
   * @param iso {@code $time_iso8601}
   */
  record Now(long second, String local, String iso) {}

  Now now() {
    long second = System.currentTimeMillis() / 1000;
    var current = now;
    if (current.second != second) {
      var instant = Instant.ofEpochSecond(second);
      current = new Now(second, LOCAL.format(instant), ISO.format(instant));
      now = current;
    }
    return current;
  }
}
