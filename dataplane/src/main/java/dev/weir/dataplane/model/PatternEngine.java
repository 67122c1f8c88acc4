package dev.weir.dataplane.model;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a {@link SafePattern} is matched by. */
sealed interface PatternEngine permits PatternEngine.Linear, GuardedPattern {
  /** RE2/J if it takes the expression. */
  static PatternEngine of(String text, boolean ignoreCase) throws PatternException {
    try {
      return new Linear(Pattern.compile(text, ignoreCase ? Pattern.CASE_INSENSITIVE : 0));
    } catch (PatternSyntaxException e) {
      return GuardedPattern.of(text, ignoreCase, e.getDescription());
    }
  }

  boolean linear();

  int groups();

  Map<String, Integer> groupNames();

  SafePattern.@Nullable Match match(CharSequence input, boolean atStart);

  /** RE2/J. */
  record Linear(Pattern pattern) implements PatternEngine {
    @Override
    public boolean linear() {
      return true;
    }

    @Override
    public int groups() {
      return pattern.groupCount();
    }

    @Override
    public Map<String, Integer> groupNames() {
      return pattern.namedGroups();
    }

    @Override
    public SafePattern.@Nullable Match match(CharSequence input, boolean atStart) {
      var matcher = pattern.matcher(input);
      return (atStart ? matcher.lookingAt() : matcher.find()) ? new Found(matcher) : null;
    }
  }

  /** What RE2/J found. */
  record Found(Matcher matcher) implements SafePattern.Match {
    @Override
    public @Nullable String group(int number) {
      return matcher.group(number);
    }

    @Override
    public int groups() {
      return matcher.groupCount();
    }

    @Override
    public int end() {
      return matcher.end();
    }
  }
}
