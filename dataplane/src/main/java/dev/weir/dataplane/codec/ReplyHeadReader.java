package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.http.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Takes the bytes of one complete reply head apart (RFC 9112 section 4, 5, 6.3) and refuses what
 * two readers could understand differently. Used once.
 */
final class ReplyHeadReader {
  private static final int MAX_LENGTH_DIGITS = 18;

  private final byte[] head;
  private final int[] places;
  private int fields;
  private int status;
  private String reason = "";
  private long contentLength = -1;
  private boolean chunked;
  private boolean oldVersion;
  private boolean close;
  private long keepAliveSeconds = -1;

  /**
   * Takes {@code head} over.
   *
   * @param head from the status line up to and including the empty line; every LF follows a CR
   * @param lines number of lines, the status line and the empty one included
   */
  ReplyHeadReader(byte[] head, int lines) {
    this.head = head;
    this.places = new int[Math.max(0, lines - 2) * ByteFields.STRIDE];
  }

  /** Reads all of it. */
  void read() throws MalformedReplyException {
    int at = readStatusLine();
    while (head[at] != '\r') {
      at = readField(at);
    }
    if (at != head.length - 2) {
      throw new MalformedReplyException("CR without LF in the reply head");
    }
    if (chunked && contentLength >= 0) {
      throw new MalformedReplyException("reply has Transfer-Encoding and Content-Length");
    }
    if (chunked && oldVersion) {
      throw new MalformedReplyException("HTTP/1.0 reply has Transfer-Encoding");
    }
    if (status < 200 && (chunked || contentLength >= 0)) {
      throw new MalformedReplyException("reply " + status + " announces a body");
    }
  }

  /** What was read, for a request with that method. */
  ReplyHead reply(boolean headRequest) {
    var table =
        fields * ByteFields.STRIDE == places.length
            ? places
            : Arrays.copyOf(places, fields * ByteFields.STRIDE);
    long length = bodyless(headRequest) ? 0 : contentLength;
    return new Http1Reply(
        status,
        reason,
        new ByteFields(head, table, fields),
        length < 0 ? RequestHead.UNKNOWN_LENGTH : length);
  }

  /** Whether the reply ends with its head whatever its fields say (RFC 9112 6.3, 1 and 2). */
  boolean bodyless(boolean headRequest) {
    return headRequest || status == 204 || status == 304 || status < 200;
  }

  int status() {
    return status;
  }

  boolean chunked() {
    return chunked;
  }

  /** -1 if there is none. */
  long contentLength() {
    return contentLength;
  }

  /** Whether the connection may carry another request. */
  boolean keepAlive() {
    return !close && !oldVersion;
  }

  /** What {@code Keep-Alive: timeout=n} says, or -1. */
  long keepAliveSeconds() {
    return keepAliveSeconds;
  }

  /** {@code HTTP/1.x SP 3DIGIT [SP reason] CRLF}. */
  private int readStatusLine() throws MalformedReplyException {
    int end = 0;
    while (head[end] != '\r') {
      end++;
    }
    boolean form =
        end >= 12
            && new String(head, 0, 7, StandardCharsets.ISO_8859_1).equals("HTTP/1.")
            && digit(7) >= 0
            && head[8] == ' '
            && digit(9) > 0
            && digit(10) >= 0
            && digit(11) >= 0
            && (end == 12 || head[12] == ' ');
    if (!form) {
      throw new MalformedReplyException("status line is not HTTP/1.x and three digits");
    }
    oldVersion = head[7] == '0';
    status = digit(9) * 100 + digit(10) * 10 + digit(11);
    int start = Math.min(13, end);
    checkText(start, end, "reason phrase");
    reason = reasonText(start, end);
    return afterLine(end);
  }

  private String reasonText(int start, int end) {
    return status == 200 && end - start == 2 && head[start] == 'O' && head[start + 1] == 'K'
        ? "OK"
        : text(start, end);
  }

  private int readField(int start) throws MalformedReplyException {
    int colon = start;
    while (Tokens.isTokenByte(head[colon])) {
      colon++;
    }
    if (colon == start || head[colon] != ':') {
      throw new MalformedReplyException("reply field is not name, colon, value");
    }
    int end = colon;
    while (head[end] != '\r') {
      end++;
    }
    int from = colon + 1;
    int to = end;
    while (from < to && blank(head[from])) {
      from++;
    }
    while (to > from && blank(head[to - 1])) {
      to--;
    }
    checkText(from, to, "reply field");
    if (!interpret(start, colon, from, to)) {
      int at = fields++ * ByteFields.STRIDE;
      places[at] = start;
      places[at + 1] = colon;
      places[at + 2] = from;
      places[at + 3] = to;
    }
    return afterLine(end);
  }

  /** Reads the fields that steer the connection; true if the field is to be left out. */
  private boolean interpret(int name, int colon, int from, int to) throws MalformedReplyException {
    switch (colon - name) {
      case 10 -> {
        if (named(name, "connection")) {
          Tokens.forEach(text(from, to), token -> close |= token.equals("close"));
        } else if (named(name, "keep-alive")) {
          readKeepAlive(text(from, to));
        }
      }
      case 14 -> {
        if (named(name, "content-length")) {
          readContentLength(from, to);
          return status == 204;
        }
      }
      case 17 -> {
        if (named(name, "transfer-encoding")) {
          if (chunked || !text(from, to).equalsIgnoreCase("chunked")) {
            throw new MalformedReplyException("unknown Transfer-Encoding in the reply");
          }
          chunked = true;
          return status == 204;
        }
      }
      default -> {}
    }
    return false;
  }

  private void readContentLength(int from, int to) throws MalformedReplyException {
    if (contentLength >= 0) {
      throw new MalformedReplyException("reply has several Content-Length fields");
    }
    long length = 0;
    for (int i = from; i < to; i++) {
      if (digit(i) < 0) {
        length = -1;
        break;
      }
      length = length * 10 + digit(i);
    }
    if (length < 0 || from == to || to - from > MAX_LENGTH_DIGITS) {
      throw new MalformedReplyException("Content-Length of the reply is not a number");
    }
    contentLength = length;
  }

  private void readKeepAlive(String value) {
    Tokens.forEach(
        value,
        token -> {
          if (token.startsWith("timeout=") && token.length() <= 16) {
            var number = token.substring(8);
            if (!number.isEmpty() && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
              keepAliveSeconds = Long.parseLong(number);
            }
          }
        });
  }

  /** Visible characters, spaces, tabs and bytes above 0x7f (RFC 9110 5.5). */
  private void checkText(int from, int to, String where) throws MalformedReplyException {
    for (int i = from; i < to; i++) {
      int b = head[i];
      if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
        throw new MalformedReplyException(
            String.format(Locale.ROOT, "byte 0x%02x in the %s", b, where));
      }
    }
  }

  private int afterLine(int cr) throws MalformedReplyException {
    if (head[cr + 1] != '\n') {
      throw new MalformedReplyException("CR without LF in the reply head");
    }
    return cr + 2;
  }

  private boolean named(int start, String lowerName) {
    for (int i = 0; i < lowerName.length(); i++) {
      int b = head[start + i];
      if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != lowerName.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int digit(int at) {
    int b = head[at];
    return b >= '0' && b <= '9' ? b - '0' : -1;
  }

  private static boolean blank(byte b) {
    return b == ' ' || b == '\t';
  }

  private String text(int from, int to) {
    return new String(head, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
