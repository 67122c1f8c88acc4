package dev.weir.annotations.value;

import java.util.BitSet;

/** The characters that a text may be made of (ingress-nginx.md 1.1); a line break never may. */
public enum CharacterClass {
  BASIC("", "letters, digits and -._~/:"),
  /** Several names in a list. */
  EXTENDED(", ", "letters, digits, commas, spaces and -._~/:"),
  /** An address without variables. */
  URL(",:?&=", "letters, digits and -._~/:,?&="),
  /** An address with variables. */
  URL_WITH_VARIABLES(", :?&=$", "letters, digits, spaces and -._~/:,?&=$"),
  VARIABLE("${}", "letters, digits, dashes, underscores and ${}"),
  PATH_WITH_CAPTURES("$", "letters, digits, -._~/: and $"),
  /** A host name, a pattern of host names, or a regular expression. */
  SERVER_NAME("^$[](){}*+?|&=\\", "letters, digits and -._~/:^$[](){}*+?|&=\\");

  @SuppressWarnings("ImmutableEnumChecker") // filled by the constructor only
  private final BitSet allowed = new BitSet(128);

  private final String expected;

  CharacterClass(String more, String expected) {
    this.expected = expected;
    allowed.set('a', 'z' + 1);
    allowed.set('A', 'Z' + 1);
    allowed.set('0', '9' + 1);
    allowed.set('-');
    allowed.set('_');
    if (!more.startsWith("${")) {
      "._~/:".chars().forEach(allowed::set);
    }
    more.chars().forEach(allowed::set);
  }

  /** Whether a text has only such characters. */
  public boolean holds(String text) {
    return text.chars().allMatch(allowed::get);
  }

  /** The text itself. */
  public String parse(String text) throws InvalidValueException {
    if (!holds(text)) {
      throw new InvalidValueException(expected);
    }
    return text;
  }
}
