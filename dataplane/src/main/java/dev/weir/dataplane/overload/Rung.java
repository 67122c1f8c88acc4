package dev.weir.dataplane.overload;

/**
 * How much the proxy gives up to stay alive (hardening.md F18). Each rung includes those before it
 * as far as they help against what is scarce.
 */
public enum Rung {
  NORMAL("back to normal"),
  SHORT_IDLE("idle connections are closed early"),
  NO_KEEP_ALIVE("connections end with their next reply"),
  SHED("new requests are answered 503"),
  NO_ACCEPTS("no connections are accepted");

  private final String text;

  Rung(String text) {
    this.text = text;
  }

  /** What happens on it, for the log. */
  String text() {
    return text;
  }
}
