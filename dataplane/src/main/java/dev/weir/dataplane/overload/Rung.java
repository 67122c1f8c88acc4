package dev.weir.dataplane.overload;

/**
 * How much the proxy gives up to stay alive (hardening.md F18). Each rung includes those before it
 * as far as they help against what is scarce.
 */
public enum Rung {
  NORMAL(0, "back to normal"),
  SHORT_IDLE(1, "idle connections are closed early"),
  NO_KEEP_ALIVE(2, "connections end with their next reply"),
  SHED(3, "new requests are answered 503"),
  NO_ACCEPTS(4, "no connections are accepted");

  private final int level;
  private final String text;

  Rung(int level, String text) {
    this.level = level;
    this.text = text;
  }

  /** As a metric says it. */
  int level() {
    return level;
  }

  /** What happens on it, for the log. */
  String text() {
    return text;
  }
}
