package dev.weir.dataplane.http;

import static io.netty.util.AsciiString.contentEqualsIgnoreCase;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request's head is one that every reader understands alike, and what it means:
 * target, host, framing of the body, persistence. The same for every protocol version (RFC 9110,
 * RFC 9112; hardening.md 3 and 4). What is ambiguous is refused, not repaired.
 *
 * <p>Reusable: {@link #validate} starts afresh, and the results stand until its next call. Owned by
 * one event loop.
 */
public final class RequestValidator {
  private final RequestFields seen = new RequestFields();
  private Destination destination = new Destination();
  private HttpVersion version = HttpVersion.HTTP_1_1;
  private long bodyLength;

  /**
   * Checks a head whose syntax is already known to be right: method and names are tokens, values
   * hold no control bytes.
   *
   * @return null if the request is good
   */
  public @Nullable Refusal validate(
      HttpVersion version, String method, String receivedTarget, Fields fields) {
    begin();
    fields.forEach(seen);
    var bytes = receivedTarget.getBytes(StandardCharsets.UTF_8);
    return end(version, method, new ByteText().set(bytes, 0, bytes.length), new Destination());
  }

  /** Begins a head that is told field by field. */
  public void begin() {
    seen.clear();
  }

  /** Takes a field of the head; {@code value} is not kept, unless it is the host's bytes. */
  public void field(FieldName name, CharSequence value) {
    seen.field(name, value);
  }

  /**
   * Checks the head whose fields were told.
   *
   * @param receivedTarget its bytes must stay as long as {@code to} is used
   * @param to filled with where the request goes
   * @return null if the request is good
   */
  public @Nullable Refusal end(
      HttpVersion version, String method, ByteText receivedTarget, Destination to) {
    this.version = version;
    destination = to;
    if (method.equals("CONNECT") || method.equals("TRACE")) {
      return new Refusal(405, "method " + method);
    }
    var refusal = checkHost();
    if (refusal == null) {
      refusal = checkTarget(method, receivedTarget);
    }
    if (refusal == null) {
      refusal = checkFraming();
    }
    if (refusal == null) {
      refusal = seen.fault();
    }
    if (refusal == null && seen.unknownExpectation() && version != HttpVersion.HTTP_1_0) {
      refusal = new Refusal(417, "unknown expectation");
    }
    return refusal;
  }

  private @Nullable Refusal checkHost() {
    if (seen.hosts() > 1) {
      return new Refusal(400, "several Host fields");
    }
    if (seen.hosts() == 0) {
      destination.readAuthority("");
      return version == HttpVersion.HTTP_1_0 ? null : new Refusal(400, "no Host field");
    }
    return destination.readAuthority(seen.host())
        ? null
        : new Refusal(400, "Host field is not a host");
  }

  private @Nullable Refusal checkTarget(String method, ByteText receivedTarget) {
    if (destination.readPlainTarget(
        receivedTarget.bytes(), receivedTarget.start(), receivedTarget.end())) {
      return null;
    }
    var received = receivedTarget.toString();
    var origin = received;
    if (received.equals("*")) {
      destination.setTarget(received, "/");
      return method.equals("OPTIONS") ? null : new Refusal(400, "target * with " + method);
    }
    if (received.isEmpty() || received.charAt(0) != '/') {
      int authorityStart = schemeLength(received);
      if (authorityStart < 0) {
        return new Refusal(400, "target is in no known form");
      }
      int end = authorityEnd(received, authorityStart);
      var named = received.substring(authorityStart, end);
      if (!named.equalsIgnoreCase(destination.authority())) {
        return new Refusal(400, "authority of the target differs from Host");
      }
      origin = received.substring(end);
      if (origin.isEmpty() || origin.charAt(0) != '/') {
        origin = "/" + origin;
      }
    }
    return switch (CanonicalPath.of(origin)) {
      case CanonicalPath.Ok ok -> {
        destination.setTarget(origin, ok.path());
        yield null;
      }
      case CanonicalPath.Bad bad -> new Refusal(400, bad.reason());
    };
  }

  private static int schemeLength(String target) {
    if (target.regionMatches(true, 0, "http://", 0, 7)) {
      return 7;
    }
    return target.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
  }

  private static int authorityEnd(String target, int from) {
    int i = from;
    while (i < target.length() && target.charAt(i) != '/' && target.charAt(i) != '?') {
      i++;
    }
    return i;
  }

  private @Nullable Refusal checkFraming() {
    if (seen.transferEncodings() > 0) {
      if (version == HttpVersion.HTTP_1_0) {
        return new Refusal(400, "Transfer-Encoding in HTTP/1.0");
      }
      if (seen.contentLengths() > 0) {
        return new Refusal(400, "Transfer-Encoding and Content-Length");
      }
      if (seen.transferEncodings() > 1) {
        return new Refusal(400, "several Transfer-Encoding fields");
      }
      bodyLength = RequestHead.UNKNOWN_LENGTH;
      return transferCoding(seen.transferEncoding());
    }
    if (seen.contentLengths() == 0) {
      bodyLength = 0;
      return null;
    }
    if (seen.contentLengths() > 1) {
      return new Refusal(400, "several Content-Length fields");
    }
    bodyLength = seen.contentLength();
    return bodyLength < 0 ? new Refusal(400, "Content-Length is not a number") : null;
  }

  /** {@code chunked} alone is understood; other codings are 501, other forms 400 (RFC 9112 6.1). */
  private static @Nullable Refusal transferCoding(String value) {
    if (contentEqualsIgnoreCase(value, "chunked")) {
      return null;
    }
    int chunked = 0;
    for (var coding : value.split(",", -1)) {
      var token = coding.strip();
      if (!Tokens.isToken(token.replace("\"", "")) || contentEqualsIgnoreCase(token, "identity")) {
        return new Refusal(400, "Transfer-Encoding is malformed");
      }
      if (contentEqualsIgnoreCase(token, "chunked")) {
        chunked++;
      }
    }
    return chunked > 1
        ? new Refusal(400, "chunked twice")
        : new Refusal(501, "unknown transfer coding");
  }

  /** The length, or -1 if {@code value} is not 1*DIGIT or more than a long holds. */
  public static long contentLength(CharSequence value) {
    if (value.isEmpty() || value.length() > 19) {
      return -1;
    }
    long length = 0;
    for (int i = 0; i < value.length(); i++) {
      int digit = value.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      length = length * 10 + digit;
    }
    return length;
  }

  /** Where the request goes. */
  public Destination destination() {
    return destination;
  }

  /** Whether {@code Connection} names fields or an upgrade. */
  public boolean nominates() {
    return seen.nominates();
  }

  /** See {@link RequestHead#bodyLength}. */
  public long bodyLength() {
    return bodyLength;
  }

  /** See {@link RequestHead#expectsContinue}. */
  public boolean expectsContinue() {
    return seen.expectsContinue() && version != HttpVersion.HTTP_1_0;
  }

  /**
   * See {@link RequestHead#upgrade}; h2c is never accepted by upgrade, nor is an upgrade of a
   * request with a body: whether its bytes end before the new protocol begins would depend on how
   * early the answer comes.
   */
  public String upgrade() {
    if (version != HttpVersion.HTTP_1_1 || !seen.connectionUpgrade() || bodyLength != 0) {
      return "";
    }
    return seen.upgrade().toLowerCase(Locale.ROOT).contains("h2c") ? "" : seen.upgrade();
  }

  /** Whether the client wants the connection to stay open (RFC 9112 9.3). */
  public boolean keepAlive() {
    return !seen.connectionClose()
        && (version != HttpVersion.HTTP_1_0 || seen.connectionKeepAlive());
  }
}
