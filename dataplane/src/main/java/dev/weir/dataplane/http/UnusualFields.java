package dev.weir.dataplane.http;

/**
 * What becomes of a client's fields whose names are valid, but not of letters, digits and {@code -}
 * alone.
 *
 * @param underscores those with {@code _} are passed on ({@code enable-underscores-in-headers})
 * @param dropped others are left out; else the request is answered 400 ({@code
 *     ignore-invalid-headers})
 */
public record UnusualFields(boolean underscores, boolean dropped) {
  /** All are left out. */
  public static final UnusualFields DEFAULT = new UnusualFields(false, true);
}
