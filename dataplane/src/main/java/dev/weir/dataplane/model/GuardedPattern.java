package dev.weir.dataplane.model;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a user's expression is matched by {@code java.util.regex}, which may try
 * exponentially many ways. So its texts are short, every character that it reads is counted, and it
 * is broken off when it reads too many. Ways that read no character are bounded by the length of
 * the expression, and by refusing the forms that multiply them.
 */
record GuardedPattern(Pattern pattern) implements PatternEngine {
  /** Characters of an expression. */
  private static final int LONGEST_PATTERN = 128;

  /** Characters of a text. */
  private static final int LONGEST_TEXT = 2000;

  /** Characters read in one match. */
  private static final int MOST_READS = 100_000;

  /** Alternatives that match nothing, and counted repetitions of groups. */
  private static final Pattern MULTIPLYING = Pattern.compile("\\(\\||\\|\\||\\|\\)|\\)\\{");

  /**
   * An expression that RE2 does not take.
   *
   * @param fault what RE2 said
   */
  static GuardedPattern of(String text, boolean ignoreCase, String fault) throws PatternException {
    Pattern pattern;
    try {
      pattern = Pattern.compile(text, ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
    } catch (PatternSyntaxException e) {
      throw new PatternException("is no regular expression: " + e.getDescription());
    }
    if (text.length() > LONGEST_PATTERN || MULTIPLYING.matcher(text).find()) {
      throw new PatternException("has no bound on the time that it takes: " + fault);
    }
    return new GuardedPattern(pattern);
  }

  @Override
  public boolean linear() {
    return false;
  }

  @Override
  public int groups() {
    return pattern.matcher("").groupCount();
  }

  @Override
  public Map<String, Integer> groupNames() {
    return pattern.namedGroups();
  }

  @Override
  public SafePattern.@Nullable Match match(CharSequence input, boolean atStart) {
    if (input.length() > LONGEST_TEXT) {
      throw new PatternLimitException("text longer than " + LONGEST_TEXT + " characters");
    }
    try {
      var matcher = pattern.matcher(new Counted(input, new Reads()));
      boolean found = atStart ? matcher.lookingAt() : matcher.find();
      return found ? new Found(matcher.toMatchResult(), input) : null;
    } catch (StackOverflowError e) {
      throw new PatternLimitException("text nests too deeply");
    }
  }

  private record Found(MatchResult result, CharSequence input) implements SafePattern.Match {
    @Override
    public @Nullable String group(int number) {
      int start = result.start(number);
      return start < 0 ? null : input.subSequence(start, result.end(number)).toString();
    }

    @Override
    public int groups() {
      return result.groupCount();
    }

    @Override
    public int end() {
      return result.end();
    }
  }

  /** How often one text and its parts were read; used by one match. */
  private static final class Reads {
    private int count;

    void next() {
      if (++count > MOST_READS) {
        throw new PatternLimitException("text takes more than " + MOST_READS + " steps");
      }
    }
  }

  /** A text whose reads are counted. */
  private record Counted(CharSequence text, Reads reads) implements CharSequence {
    @Override
    public char charAt(int index) {
      reads.next();
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.subSequence(start, end), reads);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
