package dev.weir.annotations;

/** The paths of ACME HTTP-01 challenges (RFC 8555 8.3, integrations.md 2.3). */
public final class AcmeChallenge {
  private static final String BEGINNING = "/.well-known/acme-challenge/";

  private AcmeChallenge() {}

  /** Whether this is such a path: the beginning and a token in the URL-safe base64 alphabet. */
  public static boolean isPath(String path) {
    return path.length() > BEGINNING.length()
        && path.startsWith(BEGINNING)
        && path.chars().skip(BEGINNING.length()).allMatch(AcmeChallenge::ofToken);
  }

  private static boolean ofToken(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }
}
