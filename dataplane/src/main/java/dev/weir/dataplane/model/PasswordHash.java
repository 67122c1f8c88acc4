package dev.weir.dataplane.model;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A password as htpasswd files keep it, in a form that is known to be one. Its text never shows.
 *
 * @param text with the scheme's mark, one character a byte
 */
public record PasswordHash(Scheme scheme, String text) {
  /** What {@link #parse} takes, for people. */
  public static final String EXPECTED =
      "$apr1$, $1$, bcrypt ($2a$, $2b$, $2y$, cost at most 16), $5$ or $6$ (rounds at most"
          + " 1000000), {SHA}, {SSHA}, {PLAIN} or 13 characters of crypt";

  /** Beyond, one guess would keep a thread busy for seconds. */
  private static final int MOST_COST = 16;

  private static final int MOST_ROUNDS = 1_000_000;

  private static final String ALPHABET = "[./0-9A-Za-z]";

  private static final List<Form> FORMS =
      List.of(
          new Form(Scheme.APR1, "\\$apr1\\$" + ALPHABET + "{1,8}\\$" + ALPHABET + "{22}"),
          new Form(Scheme.MD5, "\\$1\\$" + ALPHABET + "{1,8}\\$" + ALPHABET + "{22}"),
          new Form(Scheme.BCRYPT, "\\$2[aby]\\$(?<cost>[0-9]{2})\\$" + ALPHABET + "{53}"),
          new Form(Scheme.SHA256, "\\$5\\$" + salted() + ALPHABET + "{43}"),
          new Form(Scheme.SHA512, "\\$6\\$" + salted() + ALPHABET + "{86}"),
          new Form(Scheme.SHA, "\\{SHA\\}[+/0-9A-Za-z]{27}="),
          new Form(Scheme.SALTED_SHA, "\\{SSHA\\}[+/0-9A-Za-z]{28,}={0,2}"),
          new Form(Scheme.PLAIN, "\\{PLAIN\\}.+"),
          new Form(Scheme.CRYPT, ALPHABET + "{13}"));

  /** How a password is hashed. */
  public enum Scheme {
    APR1,
    MD5,
    BCRYPT,
    SHA256,
    SHA512,
    SHA,
    SALTED_SHA,
    PLAIN,
    /** The traditional one, DES. */
    CRYPT
  }

  private record Form(Scheme scheme, Pattern pattern) {
    Form(Scheme scheme, String pattern) {
      this(scheme, Pattern.compile(pattern, Pattern.DOTALL));
    }

    boolean fits(String text) {
      var found = pattern.matcher(text);
      return found.matches()
          && switch (scheme) {
            case BCRYPT -> within(found.group("cost"), 4, MOST_COST);
            case SHA256, SHA512 ->
                found.group("rounds") == null || within(found.group("rounds"), 1000, MOST_ROUNDS);
            case APR1, MD5, SHA, SALTED_SHA, PLAIN, CRYPT -> true;
          };
    }

    private static boolean within(String number, int least, int most) {
      int value = Integer.parseInt(number);
      return value >= least && value <= most;
    }
  }

  private static String salted() {
    return "(?:rounds=(?<rounds>[0-9]{1,9})\\$)?" + ALPHABET + "{1,16}\\$";
  }

  /** The hash that {@code text} is, if it is one that can be checked. */
  public static Optional<PasswordHash> parse(String text) {
    return FORMS.stream()
        .filter(form -> form.fits(text))
        .findFirst()
        .map(form -> new PasswordHash(form.scheme, text));
  }

  @Override
  public String toString() {
    return scheme.name();
  }
}
