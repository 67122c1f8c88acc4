package dev.weir.dataplane.filters;

import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.Tokens;
import dev.weir.dataplane.model.ExternalAuth;

/**
 * How long an authentication service's answer may be used again: as the route says, but not longer
 * than the answer itself allows (RFC 9111), and never if it sets a cookie, which is for one client.
 */
final class AuthLifetime {
  private static final long SECOND = 1_000_000_000L;

  private AuthLifetime() {}

  /** Nanoseconds; 0 for not at all. */
  static long nanos(ReplyHead reply, ExternalAuth.Caching caching) {
    var wanted = caching.lifetime(reply.status());
    if (wanted == null || reply.fields().contains("set-cookie")) {
      return 0;
    }
    long[] nanos = {wanted.toNanos()};
    for (var line : reply.fields().all("cache-control")) {
      Tokens.forEach(line, directive -> nanos[0] = Math.min(nanos[0], limit(directive)));
    }
    return nanos[0];
  }

  private static long limit(String directive) {
    return switch (directive) {
      case "no-store", "no-cache", "private" -> 0;
      default ->
          directive.startsWith("max-age=") ? seconds(directive.substring(8)) : Long.MAX_VALUE;
    };
  }

  private static long seconds(String text) {
    try {
      return Math.min(Long.parseLong(text), Long.MAX_VALUE / SECOND) * SECOND;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
