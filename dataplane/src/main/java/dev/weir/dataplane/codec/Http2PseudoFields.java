package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.Refusal;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The pseudo-fields of a request and what they ask for (RFC 9113 8.3.1, 8.5; RFC 8441 4). Used for
 * one request after the other; owned by the connection's event loop.
 */
final class Http2PseudoFields {
  /** The field of the handshake that HTTP/2 does without. */
  static final String KEY = "sec-websocket-key";

  private static final byte[] KEY_BYTES = KEY.getBytes(StandardCharsets.US_ASCII);
  private static final AsciiString METHOD = AsciiString.cached(":method");
  private static final AsciiString SCHEME = AsciiString.cached(":scheme");
  private static final AsciiString PATH = AsciiString.cached(":path");
  private static final AsciiString AUTHORITY = AsciiString.cached(":authority");
  private static final AsciiString PROTOCOL = AsciiString.cached(":protocol");
  private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
  private static final AsciiString GET = AsciiString.cached("GET");
  private static final AsciiString HEAD = AsciiString.cached("HEAD");

  private @Nullable AsciiString method;
  private @Nullable AsciiString scheme;
  private @Nullable AsciiString path;
  private @Nullable AsciiString authority;
  private @Nullable AsciiString protocol;

  void clear() {
    method = null;
    scheme = null;
    path = null;
    authority = null;
    protocol = null;
  }

  /** False if there is no such one, or it was there before. */
  boolean take(AsciiString name, AsciiString value) {
    boolean first;
    if (name.equals(PATH)) {
      first = path == null;
      path = value;
    } else if (name.equals(METHOD)) {
      first = method == null;
      method = value;
    } else if (name.equals(SCHEME)) {
      first = scheme == null;
      scheme = value;
    } else if (name.equals(AUTHORITY)) {
      first = authority == null;
      authority = value;
    } else if (name.equals(PROTOCOL)) {
      first = protocol == null;
      protocol = value;
    } else {
      first = false;
    }
    return first;
  }

  /** Where the request goes, if it says that so. */
  @Nullable AsciiString authority() {
    return authority;
  }

  /** Whether a WebSocket is to be opened, which is a GET to everybody else. */
  boolean opensWebSocket() {
    return protocol != null && protocol.contentEqualsIgnoreCase("websocket") && isConnect();
  }

  /** Whether a reply's head is asked for, and no body. */
  boolean asksForHead() {
    return HEAD.equals(method);
  }

  private boolean isConnect() {
    return CONNECT.equals(method);
  }

  /** The method of the request line. */
  AsciiString lineMethod() {
    return opensWebSocket() ? GET : or(method, AsciiString.EMPTY_STRING);
  }

  /** The target of the request line. */
  AsciiString lineTarget() {
    return or(path, or(isConnect() ? authority : null, AsciiString.EMPTY_STRING));
  }

  private static AsciiString or(@Nullable AsciiString text, AsciiString otherwise) {
    return text == null ? otherwise : text;
  }

  /** What makes the request malformed; null for nothing. */
  @Nullable String fault() {
    if (method == null || method.isEmpty()) {
      return "no :method";
    }
    if (isConnect() && protocol == null) {
      return null;
    }
    if (path == null || path.isEmpty()) {
      return "no :path";
    }
    if (scheme == null || scheme.isEmpty()) {
      return "no :scheme";
    }
    return protocol != null && !isConnect() ? ":protocol without CONNECT" : null;
  }

  /** Why a request that is not malformed isn't served; null if it may be. */
  @Nullable Refusal refusal() {
    var to = path;
    if (isConnect()) {
      if (protocol == null) {
        return new Refusal(405, "method CONNECT");
      }
      if (!opensWebSocket()) {
        return new Refusal(501, "unknown :protocol");
      }
    }
    if (authority != null && authority.isEmpty()) {
      return new Refusal(400, ":authority is empty");
    }
    var by = scheme;
    if (by != null && !by.contentEqualsIgnoreCase("http") && !by.contentEqualsIgnoreCase("https")) {
      return new Refusal(400, "unknown :scheme");
    }
    // "*" is the validator's matter.
    boolean origin =
        to != null && (to.byteAt(0) == '/' || (to.length() == 1 && to.byteAt(0) == '*'));
    return origin ? null : new Refusal(400, ":path does not begin with a slash");
  }

  /** Whether that name is {@link #KEY}. */
  static boolean isKey(byte[] bytes, int from, int to) {
    if (to - from != KEY_BYTES.length) {
      return false;
    }
    for (int i = 0; i < KEY_BYTES.length; i++) {
      if (bytes[from + i] != KEY_BYTES[i]) {
        return false;
      }
    }
    return true;
  }
}
