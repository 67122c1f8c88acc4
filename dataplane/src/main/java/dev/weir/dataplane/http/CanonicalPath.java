package dev.weir.dataplane.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one path that routes are matched on, access is decided on and rewrites start from.
 *
 * <p>Canonical means: percent-decoded once, runs of slashes merged, dot segments resolved, query
 * cut. What would make two readers see two paths is refused: broken escapes, {@code %00} and other
 * control characters, overlong UTF-8, characters that RFC 3986 does not allow raw, a path that
 * climbs above its root.
 *
 * <p>Bytes that stay opaque are kept as one character {@code U+DC00 + byte}, which no valid text
 * contains, so that they equal nothing but themselves: an encoded slash or backslash, and bytes
 * that are not UTF-8 at all. Some servers read {@code %2F} and {@code %5C} as separators or strip
 * what follows a {@code ;}: a path with any of them is {@link Ok#ambiguous}, and {@link
 * #alternateReadings} says what such servers would see.
 *
 * <p>Sent upstream is what was received, except that dot segments are resolved: {@link #forwarded}.
 * For every accepted target the canonical path of its forwarded form is its own canonical path.
 *
 * <p>Source: RFC 3986 sections 2, 3.3 and 5.2.4; nginx's {@code merge_slashes}. Pure functions, any
 * thread.
 */
public final class CanonicalPath {
  /** Kinds of characters; 0 is one that stands for itself. */
  private static final byte SLASH = 1;

  private static final byte DOT = 2;
  private static final byte DECODE = 3;
  private static final byte QUERY = 4;
  private static final byte REFUSED = 5;
  private static final byte[] KINDS = kinds();

  private CanonicalPath() {}

  /** What became of a target. */
  public sealed interface Result {}

  /**
   * An accepted target.
   *
   * @param path canonical, beginning with a slash
   * @param hadDotSegments whether {@link #forwarded} differs from what was received
   * @param ambiguous whether {@link #alternateReadings} must be compared before it is served
   */
  public record Ok(String path, boolean hadDotSegments, boolean ambiguous) implements Result {}

  /**
   * A target to refuse with 400.
   *
   * @param reason for the log, without bytes of the target
   */
  public record Bad(String reason) implements Result {}

  /**
   * The canonical path of a target that already is canonical, else null; the common case, which
   * allocates at most the substring before a query.
   *
   * @param target origin form: path and query
   */
  public static @Nullable String ifPlain(String target) {
    int length = target.length();
    if (length == 0 || target.charAt(0) != '/') {
      return null;
    }
    for (int i = 1; i < length; i++) {
      switch (kind(target.charAt(i))) {
        case SLASH -> {
          if (target.charAt(i - 1) == '/') {
            return null;
          }
        }
        case DOT -> {
          if (target.charAt(i - 1) == '/' && isDotSegment(target, i)) {
            return null;
          }
        }
        case DECODE, REFUSED -> {
          return null;
        }
        case QUERY -> {
          return refusedInQuery(target, i + 1) < 0 ? target.substring(0, i) : null;
        }
        default -> {}
      }
    }
    return target;
  }

  /**
   * As {@link #ifPlain(String)}, of bytes.
   *
   * @return where the canonical path ends, or -1
   */
  public static int plainEnd(byte[] target, int from, int to) {
    if (from == to || target[from] != '/') {
      return -1;
    }
    byte before = '/';
    for (int i = from + 1; i < to; i++) {
      byte b = target[i];
      byte kind = b < 0 || b >= KINDS.length ? REFUSED : KINDS[b];
      if (kind != 0) {
        // A dot at the begin of a segment is rare enough to be left to who looks closely.
        if (kind == QUERY) {
          return refusedInQuery(target, i + 1, to) ? -1 : i;
        }
        if (kind == DECODE || kind == REFUSED || before == '/') {
          return -1;
        }
      }
      before = b;
    }
    return to;
  }

  private static boolean refusedInQuery(byte[] target, int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = target[i];
      if (b < 0 || b >= KINDS.length || KINDS[b] == REFUSED) {
        return true;
      }
    }
    return false;
  }

  /**
   * Reads a target.
   *
   * @param target origin form: path and query, as received
   */
  public static Result of(String target) {
    var plain = ifPlain(target);
    if (plain != null) {
      return new Ok(plain, false, false);
    }
    if (target.isEmpty() || target.charAt(0) != '/') {
      return new Bad("target does not begin with a slash");
    }
    int end = endOfPath(target);
    if (end < target.length() && refusedInQuery(target, end + 1) >= 0) {
      return new Bad("query contains a character that must be percent-encoded");
    }
    var reader = new PathReader(target, end, PathReader.AS_RECEIVED);
    var path = reader.read();
    return path == null
        ? new Bad(reader.fault())
        : new Ok(path, reader.hadDotSegments(), reader.readings() != 0);
  }

  /**
   * The target to send upstream: as received, but with dot segments resolved; its query unchanged.
   *
   * @param target one that {@link #of} accepted
   */
  public static String forwarded(String target) {
    int end = endOfPath(target);
    var segments = new ArrayList<String>();
    boolean endsInSlash = false;
    for (int from = 1; from <= end; ) {
      int slash = target.indexOf('/', from);
      int to = slash < 0 || slash > end ? end : slash;
      int dots = dots(target, from, to);
      if (dots == 0) {
        segments.add(target.substring(from, to));
      } else if (dots == 2) {
        // Empty segments in between count for nothing, as slash runs do when matching.
        while (!segments.isEmpty() && segments.getLast().isEmpty()) {
          segments.removeLast();
        }
        if (!segments.isEmpty()) {
          segments.removeLast();
        }
      }
      endsInSlash = dots > 0;
      from = to + 1;
    }
    var text = new StringBuilder(target.length());
    for (var segment : segments) {
      text.append('/').append(segment);
    }
    if (endsInSlash) {
      text.append('/');
    }
    return text.append(target, end, target.length()).toString();
  }

  /**
   * The paths that servers would see which take {@code %2F} or {@code %5C} for a slash or strip
   * path parameters ({@code ;x=1}), in every combination that occurs in this target. Such a request
   * may be served only if all of them lead to the same route as the canonical path.
   *
   * @param received a target that {@link #of} accepted
   * @return null if one of these readings would have to be refused
   */
  public static @Nullable List<String> alternateReadings(String received) {
    // Servers see what is forwarded: of /a%2Fb/../..%2Fc only /..%2Fc.
    var target = forwarded(received);
    int end = endOfPath(target);
    var asReceived = new PathReader(target, end, PathReader.AS_RECEIVED);
    if (asReceived.read() == null) {
      return null;
    }
    int possible = asReceived.readings();
    var paths = new ArrayList<String>();
    for (int reading = 1; reading <= possible; reading++) {
      if ((reading & ~possible) == 0) {
        var path = new PathReader(target, end, reading).read();
        if (path == null) {
          return null;
        }
        if (!paths.contains(path)) {
          paths.add(path);
        }
      }
    }
    return paths;
  }

  private static int endOfPath(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target.length() : query;
  }

  /** Whether RFC 3986 lets this character stand raw in a path. */
  static boolean allowedRaw(char c) {
    byte kind = kind(c);
    return kind != REFUSED && kind != QUERY;
  }

  private static byte kind(char c) {
    return c < KINDS.length ? KINDS[c] : REFUSED;
  }

  /** The index of the first character that may not stand in a query, or -1. */
  private static int refusedInQuery(String target, int from) {
    for (int i = from; i < target.length(); i++) {
      if (kind(target.charAt(i)) == REFUSED) {
        return i;
      }
    }
    return -1;
  }

  /** Whether the dot at {@code i}, which begins a segment, is all of it, or it and another dot. */
  private static boolean isDotSegment(String target, int i) {
    int next = i + 1;
    if (next < target.length() && target.charAt(next) == '.') {
      next++;
    }
    return next == target.length() || target.charAt(next) == '/' || target.charAt(next) == '?';
  }

  /** 1 for {@code .}, 2 for {@code ..}, encoded or not; 0 for any other segment. */
  private static int dots(String target, int from, int to) {
    int dots = 0;
    int i = from;
    while (i < to) {
      if (target.charAt(i) == '.') {
        i++;
      } else if (target.regionMatches(true, i, "%2e", 0, 3)) {
        i += 3;
      } else {
        return 0;
      }
      dots++;
    }
    return dots <= 2 ? dots : 0;
  }

  private static byte[] kinds() {
    var kinds = new byte[0x7f];
    for (int c = 0; c <= ' '; c++) {
      kinds[c] = REFUSED;
    }
    for (char c : "#\"<>\\^`{|}".toCharArray()) {
      kinds[c] = REFUSED;
    }
    kinds['/'] = SLASH;
    kinds['.'] = DOT;
    kinds['%'] = DECODE;
    kinds[';'] = DECODE;
    kinds['?'] = QUERY;
    return kinds;
  }
}
