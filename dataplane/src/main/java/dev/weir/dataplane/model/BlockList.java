package dev.weir.dataplane.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Texts that are refused, as nginx's {@code map} reads them: separated by commas, each either the
 * whole text without regard to case, or {@code ~} and an expression that is found somewhere in it,
 * or {@code ~*} and one without regard to case. A backslash takes away a blank's or quote's meaning
 * to nginx. Immutable.
 */
public final class BlockList {
  private final Set<String> whole;
  private final List<SafePattern> patterns;

  private BlockList(Set<String> whole, List<SafePattern> patterns) {
    this.whole = Set.copyOf(whole);
    this.patterns = List.copyOf(patterns);
  }

  /**
   * Reads a list.
   *
   * @throws PatternException if an entry is no expression; the message quotes it
   */
  public static BlockList parse(String list) throws PatternException {
    var whole = new HashSet<String>();
    var patterns = new ArrayList<SafePattern>();
    for (var raw : list.split(",", -1)) {
      var entry = raw.strip();
      if (entry.startsWith("~")) {
        boolean anyCase = entry.startsWith("~*");
        patterns.add(pattern(entry, entry.substring(anyCase ? 2 : 1).strip(), anyCase));
      } else if (!entry.isEmpty()) {
        whole.add(entry.replaceAll("\\\\([ \"'\\\\])", "$1").toLowerCase(Locale.ROOT));
      }
    }
    return new BlockList(whole, patterns);
  }

  private static SafePattern pattern(String entry, String text, boolean anyCase)
      throws PatternException {
    if (text.isEmpty()) {
      throw new PatternException("\"" + entry + "\" has no expression");
    }
    try {
      return SafePattern.of(text, anyCase);
    } catch (PatternException e) {
      throw new PatternException("\"" + entry + "\" " + e.getMessage());
    }
  }

  /** Whether the list is without entry. */
  public boolean isEmpty() {
    return whole.isEmpty() && patterns.isEmpty();
  }

  /** Whether the text is refused; one that is too much for an expression is. */
  public boolean refuses(String text) {
    if (!whole.isEmpty() && whole.contains(text.toLowerCase(Locale.ROOT))) {
      return true;
    }
    try {
      for (int i = 0; i < patterns.size(); i++) {
        if (patterns.get(i).found(text)) {
          return true;
        }
      }
      return false;
    } catch (PatternLimitException e) {
      return true;
    }
  }
}
