package dev.weir.annotations.value;

import dev.weir.dataplane.model.TextRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an attribute of cookies is changed: {@code off}, or two words, what is replaced and what
 * replaces it. A word in quotes may have blanks and semicolons.
 *
 * @param rule null for off
 */
public record CookieRule(@Nullable TextRule rule) {
  /** Nothing is changed. */
  public static final CookieRule OFF = new CookieRule(null);

  private static final String EXPECTED = "off, or two words: what is replaced, what replaces it";

  private interface Maker {
    TextRule of(String from, String to);
  }

  /** Reads a rule for paths. */
  public static CookieRule path(String text) throws InvalidValueException {
    return parse(text, TextRule::beginning);
  }

  /** Reads a rule for domains. */
  public static CookieRule domain(String text) throws InvalidValueException {
    return parse(text, TextRule::domain);
  }

  private static CookieRule parse(String text, Maker maker) throws InvalidValueException {
    if (text.equals("off")) {
      return OFF;
    }
    var words = words(text);
    if (words.size() != 2) {
      throw new InvalidValueException(EXPECTED);
    }
    try {
      return new CookieRule(maker.of(words.getFirst(), words.getLast()));
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException(EXPECTED + ", but " + e.getMessage());
    }
  }

  private static List<String> words(String text) throws InvalidValueException {
    var words = new ArrayList<String>();
    int at = 0;
    while (at < text.length()) {
      char first = text.charAt(at);
      if (first == ' ') {
        at++;
        continue;
      }
      boolean quoted = first == '"' || first == '\'';
      int begin = quoted ? at + 1 : at;
      int end = text.indexOf(quoted ? first : ' ', begin);
      if (end < 0 && !quoted) {
        end = text.length();
      }
      if (end <= begin) {
        throw new InvalidValueException(EXPECTED);
      }
      words.add(checked(text.substring(begin, end), quoted));
      at = end + 1;
      if (quoted && at < text.length() && text.charAt(at) != ' ') {
        throw new InvalidValueException(EXPECTED);
      }
    }
    return words;
  }

  private static String checked(String word, boolean quoted) throws InvalidValueException {
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      boolean special = c == ' ' || c == ';' || c == '"' || c == '\'';
      if (c < ' ' || c >= 0x7f || (special && !quoted)) {
        throw new InvalidValueException(EXPECTED + ", of printable characters");
      }
    }
    return word;
  }

  /** As users write it. */
  @Override
  public String toString() {
    return rule == null ? "off" : rule.text();
  }
}
