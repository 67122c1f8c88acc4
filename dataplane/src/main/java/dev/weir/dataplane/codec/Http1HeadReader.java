package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.HttpVersion;
import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.RequestValidator;
import dev.weir.dataplane.http.Tokens;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the heads of requests from a connection's bytes, strictly (RFC 9112, hardening.md 4.2,
 * 4.3).
 *
 * <p>Lines are found first, each checked as it ends, so that the outcome does not depend on how the
 * bytes were split into reads; the whole head is then copied once and taken apart in place. One for
 * each connection; owned by its event loop.
 */
final class Http1HeadReader {
  static final int MAX_LINE = 8192;
  static final int MAX_FIELD = 16 * 1024;
  static final int MAX_HEAD = 32 * 1024;
  static final int MAX_FIELDS = 100;
  private static final int MAX_METHOD = 32;

  private final RequestValidator validator = new RequestValidator();

  /** Offsets from the reader index, kept between reads of one head. */
  private int scanned;

  private int lineStart;
  private int lines;
  private boolean skippedEmptyLine;

  private @Nullable Refusal refusal;
  private boolean keepAlive;
  private int headLength;

  private int @Nullable [] places;
  private int fieldCount;

  /**
   * Reads on.
   *
   * @return the head once it is complete, else null; after null, {@link #refusal} tells of a bad
   *     one
   */
  @Nullable Http1Request read(ByteBuf in) {
    refusal = null;
    int length = findEnd(in);
    if (length < 0) {
      return null;
    }
    var bytes = new byte[length];
    in.readBytes(bytes);
    headLength = length;
    restart();
    skippedEmptyLine = false;
    return parse(bytes);
  }

  /** Why there will be no head; null if bytes are just missing. */
  @Nullable Refusal refusal() {
    return refusal;
  }

  /** Whether bytes of a head have arrived. */
  boolean started(ByteBuf in) {
    return lines > 0 || in.isReadable();
  }

  /** Whether the last request wants the connection to stay open. */
  boolean keepAlive() {
    return keepAlive;
  }

  /** Bytes of the last head. */
  int headLength() {
    return headLength;
  }

  private void restart() {
    scanned = 0;
    lineStart = 0;
    lines = 0;
  }

  /** The length of the head with its empty line, or -1. */
  private int findEnd(ByteBuf in) {
    int base = in.readerIndex();
    if (!checkFirstByte(in)) {
      return -1;
    }
    while (true) {
      int from = base + scanned;
      int lf = in.indexOf(from, in.writerIndex(), (byte) '\n');
      int end = lf < 0 ? in.writerIndex() - base : lf - base;
      if (tooLong(end)) {
        return -1;
      }
      if (lf < 0) {
        scanned = end;
        return -1;
      }
      if (end == lineStart || in.getByte(lf - 1) != '\r') {
        refuse(400, "line does not end in CRLF");
        return -1;
      }
      scanned = end + 1;
      boolean empty = end == lineStart + 1;
      lineStart = scanned;
      if (!empty) {
        lines++;
      } else if (lines > 0) {
        return scanned;
      } else if (skippedEmptyLine) {
        refuse(400, "empty lines before the request");
        return -1;
      } else {
        // RFC 9112 2.2: one empty line before a request is ignored.
        skippedEmptyLine = true;
        in.skipBytes(2);
        restart();
        base = in.readerIndex();
        if (!checkFirstByte(in)) {
          return -1;
        }
      }
    }
  }

  /** A head that can't become one is answered at once and not after the timeout. */
  private boolean checkFirstByte(ByteBuf in) {
    if (lines == 0 && in.isReadable()) {
      int first = in.getByte(in.readerIndex());
      if (first != '\r' && first != '\n' && !Tokens.isTokenByte(first)) {
        refuse(400, "request does not begin with a method");
        return false;
      }
    }
    return true;
  }

  private boolean tooLong(int end) {
    if (lines == 0 && end - lineStart > MAX_LINE + 1) {
      refuse(414, "request line longer than " + MAX_LINE + " bytes");
    } else if (lines > 0 && end - lineStart > MAX_FIELD + 1) {
      refuse(431, "field longer than " + MAX_FIELD + " bytes");
    } else if (end > MAX_HEAD) {
      refuse(431, "head longer than " + MAX_HEAD + " bytes");
    }
    return refusal != null;
  }

  private @Nullable Http1Request parse(byte[] bytes) {
    int lineEnd = indexOf(bytes, 0, '\r');
    int methodEnd = indexOf(bytes, 0, ' ');
    int targetEnd = indexOf(bytes, methodEnd + 1, ' ');
    if (methodEnd <= 0 || targetEnd <= methodEnd + 1 || targetEnd > lineEnd) {
      return refuse(400, "request line is not METHOD SP target SP version");
    }
    for (int i = 0; i < methodEnd; i++) {
      if (!Tokens.isTokenByte(bytes[i])) {
        return refuse(400, "method is not a token");
      }
    }
    if (methodEnd > MAX_METHOD) {
      return refuse(501, "method longer than " + MAX_METHOD + " bytes");
    }
    var version = version(bytes, targetEnd + 1, lineEnd);
    if (version == null || bytes[lineEnd + 1] != '\n') {
      return refusal != null ? null : refuse(400, "no HTTP version");
    }
    if (!readFields(bytes, lineEnd + 2)) {
      return null;
    }
    var places = this.places;
    var fields =
        new ByteFields(
            bytes,
            places == null ? new int[0] : Arrays.copyOf(places, fieldCount * ByteFields.STRIDE),
            fieldCount);
    var method = MethodNames.of(bytes, methodEnd);
    var target =
        new String(bytes, methodEnd + 1, targetEnd - methodEnd - 1, StandardCharsets.ISO_8859_1);
    refusal = validator.validate(version, method, target, fields);
    if (refusal != null) {
      return null;
    }
    keepAlive = validator.keepAlive();
    var place =
        new Http1Request.Target(
            validator.target(), validator.path(), validator.authority(), validator.host());
    return new Http1Request(
        version,
        method,
        place,
        fields,
        validator.bodyLength(),
        validator.expectsContinue(),
        validator.upgrade());
  }

  /** {@code HTTP/1.0} and {@code HTTP/1.x} (RFC 9110 2.5: read as 1.1); other versions are 505. */
  private @Nullable HttpVersion version(byte[] bytes, int start, int end) {
    if (end - start != 8
        || bytes[start] != 'H'
        || bytes[start + 1] != 'T'
        || bytes[start + 2] != 'T'
        || bytes[start + 3] != 'P'
        || bytes[start + 4] != '/'
        || bytes[start + 6] != '.'
        || !isDigit(bytes[start + 5])
        || !isDigit(bytes[start + 7])) {
      return null;
    }
    if (bytes[start + 5] == '1') {
      return bytes[start + 7] == '0' ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    }
    boolean preface = bytes[0] == 'P' && bytes[1] == 'R' && bytes[2] == 'I' && bytes[3] == ' ';
    refuse(preface ? 400 : 505, "HTTP version");
    return null;
  }

  private boolean readFields(byte[] bytes, int from) {
    fieldCount = 0;
    int seen = 0;
    int at = from;
    while (bytes[at] != '\r' || at + 2 < bytes.length) {
      int lf = indexOf(bytes, at, '\n');
      if (++seen > MAX_FIELDS) {
        refuse(431, "more than " + MAX_FIELDS + " fields");
        return false;
      }
      if (!readField(bytes, at, lf - 1)) {
        return false;
      }
      at = lf + 1;
    }
    return true;
  }

  private boolean readField(byte[] bytes, int start, int end) {
    int colon = start;
    boolean underscore = false;
    while (colon < end && Tokens.isTokenByte(bytes[colon])) {
      underscore |= bytes[colon] == '_';
      colon++;
    }
    if (colon == start || colon == end || bytes[colon] != ':') {
      refuse(400, "field name is not a token followed by a colon");
      return false;
    }
    int valueStart = colon + 1;
    int valueEnd = end;
    while (valueStart < valueEnd && isBlank(bytes[valueStart])) {
      valueStart++;
    }
    while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1])) {
      valueEnd--;
    }
    for (int i = valueStart; i < valueEnd; i++) {
      byte b = bytes[i];
      if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
        refuse(400, "control byte in a field");
        return false;
      }
    }
    // Backends that map '-' and '_' to one name would take it for another field.
    if (!underscore) {
      keep(start, colon, valueStart, valueEnd);
    }
    return true;
  }

  private void keep(int nameStart, int nameEnd, int valueStart, int valueEnd) {
    var table = places;
    if (table == null) {
      table = new int[MAX_FIELDS * ByteFields.STRIDE];
      places = table;
    }
    int at = fieldCount++ * ByteFields.STRIDE;
    table[at] = nameStart;
    table[at + 1] = nameEnd;
    table[at + 2] = valueStart;
    table[at + 3] = valueEnd;
  }

  private @Nullable Http1Request refuse(int status, String detail) {
    refusal = new Refusal(status, detail);
    return null;
  }

  private static int indexOf(byte[] bytes, int from, char wanted) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
