package dev.weir.dataplane.codec;

import static io.netty.util.AsciiString.contentEqualsIgnoreCase;

import dev.weir.dataplane.http.ByteText;
import dev.weir.dataplane.http.FieldName;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.http.Tokens;
import java.util.Locale;

/**
 * Takes the lines of a reply head apart (RFC 9112 section 4, 5, 6.3) and refuses what two readers
 * could understand differently. One for each connection; owned by its event loop.
 */
final class ReplyHeadReader {
  private static final int MAX_LENGTH_DIGITS = 18;
  private static final byte[] VERSION = {'H', 'T', 'T', 'P', '/', '1', '.'};

  private final ByteText value = new ByteText();
  private int status;
  private long contentLength = -1;
  private boolean chunked;
  private boolean oldVersion;
  private boolean close;
  private boolean nominates;
  private long keepAliveSeconds = -1;

  /** Stands ready for another head. */
  void clear() {
    contentLength = -1;
    chunked = false;
    close = false;
    nominates = false;
    keepAliveSeconds = -1;
  }

  /**
   * Looks at the head as a whole, once its last line is read, and completes it.
   *
   * @param headRequest whether the request's method was HEAD
   */
  void complete(Http1Reply reply, boolean headRequest) throws MalformedReplyException {
    if (chunked && contentLength >= 0) {
      throw new MalformedReplyException("reply has Transfer-Encoding and Content-Length");
    }
    if (chunked && oldVersion) {
      throw new MalformedReplyException("HTTP/1.0 reply has Transfer-Encoding");
    }
    if (status < 200 && (chunked || contentLength >= 0)) {
      throw new MalformedReplyException("reply " + status + " announces a body");
    }
    long length = bodyless(headRequest) ? 0 : contentLength;
    reply.bodyLength(length < 0 ? RequestHead.UNKNOWN_LENGTH : length);
    reply.fields().nominates(nominates);
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

  /** {@code HTTP/1.x SP 3DIGIT [SP reason]}, a line without control bytes. */
  void readStatusLine(Http1Reply reply, int end) throws MalformedReplyException {
    var head = reply.fields().bytes();
    boolean form =
        end >= 12
            && startsWithVersion(head)
            && digit(head[7]) >= 0
            && head[8] == ' '
            && digit(head[9]) > 0
            && digit(head[10]) >= 0
            && digit(head[11]) >= 0
            && (end == 12 || head[12] == ' ');
    if (!form) {
      throw new MalformedReplyException("status line is not HTTP/1.x and three digits");
    }
    oldVersion = head[7] == '0';
    status = digit(head[9]) * 100 + digit(head[10]) * 10 + digit(head[11]);
    reply.line(status, Math.min(13, end), end);
  }

  private static boolean startsWithVersion(byte[] head) {
    for (int i = 0; i < VERSION.length; i++) {
      if (head[i] != VERSION[i]) {
        return false;
      }
    }
    return true;
  }

  /** A line without control bytes. */
  void readField(Http1Reply reply, int start, int end) throws MalformedReplyException {
    var fields = reply.fields();
    var head = fields.bytes();
    int colon = start;
    while (colon < end && Tokens.isTokenByte(head[colon])) {
      colon++;
    }
    if (colon == start || colon == end || head[colon] != ':') {
      throw new MalformedReplyException("reply field is not name, colon, value");
    }
    int from = colon + 1;
    int to = end;
    while (from < to && blank(head[from])) {
      from++;
    }
    while (to > from && blank(head[to - 1])) {
      to--;
    }
    var name = FieldName.of(head, start, colon);
    if (name == FieldName.OTHER || !interpret(name, value.set(head, from, to))) {
      fields.add(name, start, colon, from, to);
    }
  }

  /** Reads the fields that steer the connection; true if the field is to be left out. */
  private boolean interpret(FieldName name, ByteText text) throws MalformedReplyException {
    if (name == FieldName.CONNECTION) {
      readConnection(text);
    } else if (name == FieldName.KEEP_ALIVE) {
      readKeepAlive(text.toString());
    } else if (name == FieldName.CONTENT_LENGTH) {
      readContentLength(text);
      return status == 204;
    } else if (name == FieldName.TRANSFER_ENCODING) {
      if (chunked || !contentEqualsIgnoreCase(text, "chunked")) {
        throw new MalformedReplyException("unknown Transfer-Encoding in the reply");
      }
      chunked = true;
      return status == 204;
    }
    return false;
  }

  private void readConnection(ByteText text) {
    if (contentEqualsIgnoreCase(text, "close")) {
      close = true;
    } else if (!contentEqualsIgnoreCase(text, "keep-alive")) {
      nominates = true;
      Tokens.forEach(text, token -> close |= token.equals("close"));
    }
  }

  private void readContentLength(ByteText text) throws MalformedReplyException {
    if (contentLength >= 0) {
      throw new MalformedReplyException("reply has several Content-Length fields");
    }
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = digit((byte) text.charAt(i));
      if (digit < 0) {
        length = -1;
        break;
      }
      length = length * 10 + digit;
    }
    if (length < 0 || text.isEmpty() || text.length() > MAX_LENGTH_DIGITS) {
      throw new MalformedReplyException("Content-Length of the reply is not a number");
    }
    contentLength = length;
  }

  private void readKeepAlive(String text) {
    Tokens.forEach(
        text,
        token -> {
          if (token.startsWith("timeout=") && token.length() <= 16) {
            var number = token.substring(8);
            if (!number.isEmpty() && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
              keepAliveSeconds = Long.parseLong(number);
            }
          }
        });
  }

  /** Where a line may not go on: visible characters, spaces, tabs, bytes above 0x7f may stand. */
  static MalformedReplyException control(byte b) {
    return new MalformedReplyException(
        b == '\n'
            ? "line of the reply head ends without CR"
            : b == '\r'
                ? "CR without LF in the reply head"
                : String.format(Locale.ROOT, "byte 0x%02x in the reply head", b));
  }

  private static int digit(byte b) {
    return b >= '0' && b <= '9' ? b - '0' : -1;
  }

  private static boolean blank(byte b) {
    return b == ' ' || b == '\t';
  }
}
