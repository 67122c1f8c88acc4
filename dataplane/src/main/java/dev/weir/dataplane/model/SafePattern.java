package dev.weir.dataplane.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression that somebody else wrote, matched against texts that yet others send.
 *
 * <p>Matched by RE2/J, whose time is linear in the text. Where RE2 lacks the syntax (assertions
 * that look around, possessive quantifiers, references to groups) {@code java.util.regex} takes its
 * place, for short expressions only, and guarded: see {@link GuardedPattern}. Users are told where
 * that happens ({@link #linear}).
 *
 * <p>Immutable, any thread. Equal if text and case are.
 */
public final class SafePattern {
  /** How RE2/J's cost grows with an expression: instructions are bounded before it compiles. */
  private static final int LARGEST = 1000;

  private static final int LONGEST = 2000;

  private final String text;
  private final boolean ignoreCase;
  private final PatternEngine engine;

  private SafePattern(String text, boolean ignoreCase, PatternEngine engine) {
    this.text = text;
    this.ignoreCase = ignoreCase;
    this.engine = engine;
  }

  /** What matched. */
  public interface Match {
    /** The group's text, or null if it took no part; 0 is all of it. */
    @Nullable String group(int number);

    /** Number of groups. */
    int groups();

    /** Where the match ends. */
    int end();
  }

  /**
   * An expression.
   *
   * @throws PatternException if neither engine takes it, or it is too large
   */
  public static SafePattern of(String text, boolean ignoreCase) throws PatternException {
    if (text.length() > LONGEST) {
      throw new PatternException("is longer than " + LONGEST + " characters");
    }
    if (PatternSize.of(text) > LARGEST) {
      throw new PatternException("repeats too much");
    }
    return new SafePattern(text, ignoreCase, PatternEngine.of(text, ignoreCase));
  }

  /** An expression without regard to case that matches this text and what begins with it. */
  public static SafePattern literal(String text) {
    var quoted = "\\Q" + text.replace("\\E", "\\E\\\\E\\Q") + "\\E";
    try {
      return new SafePattern(quoted, true, PatternEngine.of(quoted, true));
    } catch (PatternException e) {
      throw new IllegalStateException("a quotation is always an expression", e);
    }
  }

  /** {@code /}, without regard to case: every path. */
  public static SafePattern root() {
    try {
      return of("/", true);
    } catch (PatternException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As written. */
  public String text() {
    return text;
  }

  /** Whether upper and lower case are the same. */
  public boolean ignoreCase() {
    return ignoreCase;
  }

  /** Whether matching takes linear time; otherwise it may give up on a text. */
  public boolean linear() {
    return engine.linear();
  }

  /** Number of groups. */
  public int groups() {
    return engine.groups();
  }

  /** Groups that have names. */
  public Map<String, Integer> groupNames() {
    return engine.groupNames();
  }

  /**
   * What matches at the very beginning of {@code input}, or null.
   *
   * @throws PatternLimitException if it isn't {@link #linear}, and the text is too much for it
   */
  public @Nullable Match matchStart(CharSequence input) {
    return engine.match(input, true);
  }

  /**
   * What matches first, or null.
   *
   * @throws PatternLimitException as above
   */
  public @Nullable Match find(CharSequence input) {
    return engine.match(input, false);
  }

  /**
   * Whether it matches anywhere.
   *
   * @throws PatternLimitException as above
   */
  public boolean found(CharSequence input) {
    return engine.match(input, false) != null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SafePattern that
        && text.equals(that.text)
        && ignoreCase == that.ignoreCase;
  }

  @Override
  public int hashCode() {
    return text.hashCode() * 2 + (ignoreCase ? 1 : 0);
  }

  @Override
  public String toString() {
    return text;
  }
}
