package dev.weir.dataplane.filters;

import dev.weir.dataplane.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Name and password of a request (RFC 7617).
 *
 * @param user one character a byte
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; bytes can be wiped, texts not
record Credentials(String user, byte[] password) {
  private static final String SCHEME = "basic ";

  /** Those of the request; null if it has none that can be read. */
  static @Nullable Credentials of(RequestHead head) {
    var value = head.fields().first("authorization");
    if (value == null || !value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(value.substring(SCHEME.length()).strip());
    } catch (IllegalArgumentException e) {
      return null;
    }
    for (int i = 0; i < decoded.length; i++) {
      if (decoded[i] == ':') {
        return i == 0
            ? null
            : new Credentials(
                new String(decoded, 0, i, StandardCharsets.ISO_8859_1),
                Arrays.copyOfRange(decoded, i + 1, decoded.length));
      }
    }
    return null;
  }
}
