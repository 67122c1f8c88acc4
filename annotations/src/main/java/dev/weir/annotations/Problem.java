package dev.weir.annotations;

/**
 * Something wrong with a setting.
 *
 * @param name the annotation with prefix, or the ConfigMap key
 * @param message one sentence
 * @param hint what to do; may be empty
 */
public record Problem(Level level, String name, String message, String hint) {
  /** How much it matters. */
  public enum Level {
    /** Something asked for is not served. */
    ERROR,
    /** Served, but not as somebody would expect. */
    WARNING,
    /** Worth knowing. */
    INFO
  }
}
