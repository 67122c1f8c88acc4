package dev.weir.dataplane.http;

/** Tokens and lists of tokens (RFC 9110 5.6.1, 5.6.2). */
public final class Tokens {
  private static final boolean[] TCHAR = new boolean[128];

  static {
    for (char c = '0'; c <= 'z'; c++) {
      TCHAR[c] = Character.isLetterOrDigit(c);
    }
    for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
      TCHAR[c] = true;
    }
  }

  /** Receives one element of a list. */
  public interface Visitor {
    void token(String lowerCase);
  }

  private Tokens() {}

  /** Whether a byte may be part of a token. */
  public static boolean isTokenByte(int b) {
    return b >= 0 && b < 128 && TCHAR[b];
  }

  /** Whether {@code text} is a token. */
  public static boolean isToken(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isTokenByte(text.charAt(i))) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** Visits the elements of a comma-separated list, lower-case, without the empty ones. */
  public static void forEach(CharSequence list, Visitor visitor) {
    int start = 0;
    for (int i = 0; i <= list.length(); i++) {
      if (i == list.length() || list.charAt(i) == ',') {
        var token = list.subSequence(start, i).toString().strip();
        if (!token.isEmpty()) {
          visitor.token(token.toLowerCase(java.util.Locale.ROOT));
        }
        start = i + 1;
      }
    }
  }
}
