package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.ReplyHead;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What the opening handshake of a WebSocket proves with (RFC 6455 4.1): made by us where HTTP/2
 * opens one, because there it has no such field (RFC 8441 5). It says that the backend understood
 * and nothing of who it is, so it need not be secret. Immutable.
 *
 * @param text of {@code Sec-WebSocket-Key}
 */
record WebSocketKey(String text) {
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int LENGTH = 16;

  /** Another one each time. */
  static WebSocketKey next() {
    var bytes = new byte[LENGTH];
    ThreadLocalRandom.current().nextBytes(bytes);
    return new WebSocketKey(Base64.getEncoder().encodeToString(bytes));
  }

  /** Whether a reply 101 was made for this key. */
  boolean isAcceptedBy(ReplyHead reply) {
    var accept = reply.fields().all("sec-websocket-accept");
    return accept.size() == 1 && accept.getFirst().equals(expected());
  }

  private String expected() {
    try {
      // The protocol's own hash; it protects nothing.
      var sha1 = MessageDigest.getInstance("SHA-1");
      var hash = sha1.digest((text + MAGIC).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
