package dev.weir.controller.admin;

/**
 * Whether traffic should be sent here.
 *
 * @param ready a table serves, and no end has been asked for
 * @param reason why not, one sentence; empty if ready
 */
public record Health(boolean ready, String reason) {
  /** Ready. */
  public static final Health READY = new Health(true, "");

  /** Not ready, and why. */
  public static Health notReady(String reason) {
    return new Health(false, reason);
  }
}
