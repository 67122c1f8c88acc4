package dev.weir.controller.translate;

import dev.weir.dataplane.http.CanonicalPath;
import dev.weir.dataplane.http.EncodedPath;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** The path of a rule, in the form that requests' paths are compared in. */
final class IngressPath {
  private static final String RAW = "-._~!$&'()*+,;=:@/%";

  private IngressPath() {}

  /** What became of a path. */
  sealed interface Result {
    /** A canonical path. */
    record Ok(String path) implements Result {}

    /** A path that no request can have. */
    record Bad(String fault) implements Result {}
  }

  /**
   * Reads a path as a user writes it: characters that a request must percent-encode may stand as
   * they are. An empty path is {@code /}.
   */
  static Result read(String path) {
    if (path.isEmpty()) {
      return new Result.Ok("/");
    }
    return switch (CanonicalPath.of(encoded(path))) {
      case CanonicalPath.Ok ok -> new Result.Ok(ok.path());
      case CanonicalPath.Bad bad -> new Result.Bad(bad.reason());
    };
  }

  /** For a path that ends in a slash and isn't the root: the same path without it. */
  static Optional<String> withoutSlash(String canonical) {
    return canonical.length() > 1 && canonical.endsWith("/")
        ? Optional.of(canonical.substring(0, canonical.length() - 1))
        : Optional.empty();
  }

  /** A canonical path as a {@code Location} may hold it. */
  static String forLocation(String canonical) {
    var text = new StringBuilder();
    EncodedPath.append(text, canonical, 0, canonical.length());
    return text.toString();
  }

  private static String encoded(String path) {
    var text = new StringBuilder();
    path.codePoints().forEach(c -> append(text, c));
    return text.toString();
  }

  private static void append(StringBuilder text, int c) {
    boolean raw =
        (c >= 'a' && c <= 'z')
            || (c >= 'A' && c <= 'Z')
            || (c >= '0' && c <= '9')
            || RAW.indexOf(c) >= 0;
    if (raw) {
      text.appendCodePoint(c);
      return;
    }
    for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
      text.append(escape(b));
    }
  }

  private static String escape(byte b) {
    return "%" + HexFormat.of().withUpperCase().toHexDigits(b);
  }
}
