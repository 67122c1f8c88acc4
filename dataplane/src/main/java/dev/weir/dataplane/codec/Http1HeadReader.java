package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.ByteText;
import dev.weir.dataplane.http.FieldName;
import dev.weir.dataplane.http.HttpVersion;
import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.RequestValidator;
import dev.weir.dataplane.http.Tokens;
import dev.weir.dataplane.http.UnusualFields;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads the heads of requests from a connection's bytes, strictly (RFC 9112, hardening.md 4.2,
 * 4.3).
 *
 * <p>The bytes are copied once, into a head that is used again, and taken apart there in one pass:
 * line by line, each as soon as it is complete, so that the outcome does not depend on how the
 * bytes were split into reads. The buffer is left as it was until the head is whole. One for each
 * connection; owned by its event loop.
 */
final class Http1HeadReader {
  static final int MAX_LINE = 8192;
  static final int MAX_FIELD = 16 * 1024;
  static final int MAX_HEAD = 32 * 1024;
  static final int MAX_FIELDS = 100;
  private static final int MAX_METHOD = 32;

  /** Bytes copied at a time: whatever follows a small head in the buffer is not its business. */
  private static final int COPY = 2048;

  private final SpareHeads spares;
  private final RequestValidator validator = new RequestValidator();
  private final ByteText value = new ByteText();

  /** The head being read; null before its first byte. */
  private @Nullable ReceivedRequest head;

  /** Offsets from the reader index, kept between reads of one head. */
  private int copied;

  private int scanned;
  private int lineStart;
  private int lines;
  private int fieldsSeen;
  private boolean skippedEmptyLine;

  private UnusualFields unusual = UnusualFields.DEFAULT;
  private @Nullable Refusal refusal;
  private boolean keepAlive;
  private int headLength;

  Http1HeadReader(SpareHeads spares) {
    this.spares = spares;
  }

  /**
   * Reads on.
   *
   * @param unusual what becomes of fields with unusual names
   * @return the head once it is complete, else null; after null, {@link #refusal} tells of a bad
   *     one
   */
  @Nullable ReceivedRequest read(ByteBuf in, UnusualFields unusual) {
    refusal = null;
    this.unusual = unusual;
    if (!in.isReadable()) {
      return null;
    }
    var current = head;
    if (current == null) {
      current = spares.request();
      current.clear();
      head = current;
    }
    if (!readLines(current, in)) {
      return null;
    }
    headLength = scanned;
    in.skipBytes(scanned);
    restart();
    skippedEmptyLine = false;
    refusal =
        validator.end(
            current.version(), current.method(), current.receivedTarget(), current.destination());
    if (refusal != null) {
      return null;
    }
    head = null;
    keepAlive = validator.keepAlive();
    current.interpret(validator);
    return current;
  }

  /** Why there will be no head; null if bytes are just missing. */
  @Nullable Refusal refusal() {
    return refusal;
  }

  /**
   * The request line of what will be no head, or what came in its place: any bytes up to a line
   * end, and no more than a line may have. Valid until the next read.
   */
  CharSequence refusedLine() {
    var current = head;
    if (current == null) {
      return "";
    }
    if (current.lineText().length() == 0) {
      var bytes = current.fields().bytes();
      int most = Math.min(copied, MAX_LINE);
      int end = 0;
      while (end < most && bytes[end] != '\r' && bytes[end] != '\n') {
        end++;
      }
      current.line(end);
    }
    return current.lineText();
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
    copied = 0;
    scanned = 0;
    lineStart = 0;
    lines = 0;
    fieldsSeen = 0;
  }

  /** Whether the head is complete with its empty line. */
  private boolean readLines(ReceivedRequest current, ByteBuf in) {
    while (copyMore(current, in)) {
      var bytes = current.fields().bytes();
      if (lines == 0 && lineStart == 0 && !beginsWell(bytes[0])) {
        return false;
      }
      while (scanned < copied) {
        int at = ControlBytes.find(bytes, scanned, copied);
        scanned = at;
        if (tooLong(at)) {
          return false;
        }
        // Of a line's end both bytes must be there.
        if (at >= copied - 1 && (at == copied || bytes[at] == '\r')) {
          break;
        }
        if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
          return refuse(400, bytes[at] == '\n' ? "line does not end in CRLF" : "control byte");
        }
        scanned = at + 2;
        if (at == lineStart) {
          if (lines > 0) {
            return true;
          }
          if (!skipEmptyLine(in)) {
            return false;
          }
          break;
        }
        if (!(lines == 0 ? readRequestLine(current, at) : readField(current, lineStart, at))) {
          return false;
        }
        lines++;
        lineStart = scanned;
      }
    }
    return false;
  }

  /** Copies the next bytes, if there are any. */
  private boolean copyMore(ReceivedRequest current, ByteBuf in) {
    int more = Math.min(in.readableBytes() - copied, COPY);
    if (more <= 0) {
      return false;
    }
    // What points into a smaller array before stays right: nobody writes to that one any more.
    var bytes = current.fields().bytes(copied + more);
    in.getBytes(in.readerIndex() + copied, bytes, copied, more);
    copied += more;
    return true;
  }

  /** RFC 9112 2.2: one empty line before a request is ignored. */
  private boolean skipEmptyLine(ByteBuf in) {
    if (skippedEmptyLine) {
      return refuse(400, "empty lines before the request");
    }
    skippedEmptyLine = true;
    in.skipBytes(2);
    restart();
    return true;
  }

  /** A head that can't become one is answered at once and not after the timeout. */
  private boolean beginsWell(byte first) {
    return first == '\r'
        || first == '\n'
        || Tokens.isTokenByte(first)
        || refuse(400, "request does not begin with a method");
  }

  private boolean tooLong(int end) {
    if (lines == 0 && end - lineStart > MAX_LINE) {
      refuse(414, "request line longer than " + MAX_LINE + " bytes");
    } else if (lines > 0 && end - lineStart > MAX_FIELD) {
      refuse(431, "field longer than " + MAX_FIELD + " bytes");
    } else if (end >= MAX_HEAD) {
      refuse(431, "head longer than " + MAX_HEAD + " bytes");
    }
    return refusal != null;
  }

  private boolean readRequestLine(ReceivedRequest current, int end) {
    var bytes = current.fields().bytes();
    current.line(end);
    int methodEnd = indexOf(bytes, lineStart, end, ' ');
    int targetEnd = methodEnd < 0 ? -1 : indexOf(bytes, methodEnd + 1, end, ' ');
    if (methodEnd <= 0 || targetEnd <= methodEnd + 1) {
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
    var version = version(bytes, targetEnd + 1, end);
    if (version == null) {
      return refusal == null && refuse(400, "no HTTP version");
    }
    current.line(MethodNames.of(bytes, methodEnd), methodEnd + 1, targetEnd, version);
    validator.begin();
    return true;
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

  /** The line is known to hold no control byte. */
  private boolean readField(ReceivedRequest current, int start, int end) {
    if (++fieldsSeen > MAX_FIELDS) {
      return refuse(431, "more than " + MAX_FIELDS + " fields");
    }
    var fields = current.fields();
    var bytes = fields.bytes();
    int colon = start;
    boolean underscore = false;
    boolean odd = false;
    while (colon < end && Tokens.isTokenByte(bytes[colon])) {
      underscore |= bytes[colon] == '_';
      odd |= isOdd(bytes[colon]);
      colon++;
    }
    if (colon == start || colon == end || bytes[colon] != ':') {
      return refuse(400, "field name is not a token followed by a colon");
    }
    int valueStart = colon + 1;
    int valueEnd = end;
    while (valueStart < valueEnd && isBlank(bytes[valueStart])) {
      valueStart++;
    }
    while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1])) {
      valueEnd--;
    }
    if (odd && !unusual.dropped()) {
      return refuse(400, "field name has other characters than letters, digits and -");
    }
    // Backends that map '-' and '_' to one name would take it for another field.
    if (!odd && (!underscore || unusual.underscores())) {
      var known = FieldName.of(bytes, start, colon);
      if (known != FieldName.OTHER) {
        validator.field(known, value.set(bytes, valueStart, valueEnd));
      }
      fields.add(known, start, colon, valueStart, valueEnd);
    }
    return true;
  }

  /** A token may hold it, but names of fields never do. */
  private static boolean isOdd(byte b) {
    return !isDigit(b) && ((b | 0x20) < 'a' || (b | 0x20) > 'z') && b != '-' && b != '_';
  }

  private boolean refuse(int status, String detail) {
    refusal = new Refusal(status, detail);
    return false;
  }

  private static int indexOf(byte[] bytes, int from, int to, char wanted) {
    for (int i = from; i < to; i++) {
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
