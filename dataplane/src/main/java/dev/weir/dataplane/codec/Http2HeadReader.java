package dev.weir.dataplane.codec;

import dev.weir.dataplane.codec.Http2HeadBlock.Taker;
import dev.weir.dataplane.http.ByteText;
import dev.weir.dataplane.http.FieldName;
import dev.weir.dataplane.http.HttpVersion;
import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.http.RequestValidator;
import dev.weir.dataplane.http.Tokens;
import dev.weir.dataplane.http.UnusualFields;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests of blocks of fields (RFC 9113 8.2, 8.3; hardening.md 4.5): each field is checked
 * and written, in the form that it has in HTTP/1, into a head that is used again; the pseudo-fields
 * become its request line and its Host. So everything behind this reads one kind of head, and the
 * validator and its rules are those of HTTP/1.
 *
 * <p>What breaks a rule of HTTP/2 makes the request {@link #malformed}; what breaks one that HTTP/1
 * has, too, is refused with the same status as there. One for each connection; owned by its event
 * loop.
 */
final class Http2HeadReader implements Taker {
  private static final byte[] VERSION =
      (" " + HttpVersion.HTTP_2.text() + "\r\n").getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HOST = "host".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] COOKIE = "cookie".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CRUMB_END = {';', ' '};
  private static final int MAX_METHOD = 32;

  /** What a field costs in memory at least, however small it is (hardening.md row 117). */
  private static final int LEAST_CHARGE = 64;

  /** Larger crumbs are rare; their memory is not kept. */
  private static final int MOST_KEPT = 4096;

  /** Fields that HTTP/2 has no use for (RFC 9113 8.2.2). */
  private static final long FORBIDDEN =
      FieldName.bits(
          FieldName.CONNECTION,
          FieldName.KEEP_ALIVE,
          FieldName.PROXY_CONNECTION,
          FieldName.TRANSFER_ENCODING,
          FieldName.UPGRADE);

  /** A backend that knows them waits for eight bytes that nothing announces. */
  private static final long OBSOLETE_KEYS =
      FieldName.bits(FieldName.SEC_WEBSOCKET_KEY1, FieldName.SEC_WEBSOCKET_KEY2);

  private final SpareHeads spares;
  private final Http2HeadBlock blocks;
  private final RequestValidator validator = new RequestValidator();
  private final Http2PseudoFields pseudo = new Http2PseudoFields();
  private final ByteText value = new ByteText();

  /** The head being filled, or one that was refused. */
  private @Nullable ReceivedRequest head;

  private UnusualFields unusual = UnusualFields.DEFAULT;
  private byte[] cookies = {};
  private int cookieLength;
  private int filled;
  private int fieldsSeen;
  private int charge;
  private boolean lineWritten;
  private boolean hostSeen;
  private boolean malformed;
  private @Nullable Refusal refusal;

  Http2HeadReader(SpareHeads spares, Http2HeadBlock blocks) {
    this.spares = spares;
    this.blocks = blocks;
  }

  /**
   * Reads a head.
   *
   * @param endsStream whether no body follows
   * @return the head; null if there is none, of which {@link #refusal} tells
   * @throws Http2Fault if the block can't be unpacked
   */
  @Nullable ReceivedRequest read(ByteBuf block, boolean endsStream, UnusualFields unusualFields)
      throws Http2Fault {
    begin(unusualFields);
    blocks.read(block, this);
    var current = current();
    if (!malformed && !lineWritten) {
      writeLine(current);
    }
    if (refusal == null) {
      writeCookies(current);
      finish(current, endsStream);
    }
    if (refusal != null) {
      return null;
    }
    head = null;
    return current;
  }

  private void begin(UnusualFields unusualFields) {
    var current = head;
    if (current == null) {
      current = spares.request();
      head = current;
    }
    current.clear();
    unusual = unusualFields;
    pseudo.clear();
    validator.begin();
    cookieLength = 0;
    filled = 0;
    fieldsSeen = 0;
    charge = 0;
    lineWritten = false;
    hostSeen = false;
    malformed = false;
    refusal = null;
  }

  private ReceivedRequest current() {
    var current = head;
    if (current == null) {
      throw new IllegalStateException("no head is being read");
    }
    return current;
  }

  /** Why there is no head. */
  Refusal refusal() {
    return refusal == null ? new Refusal(400, "no head") : refusal;
  }

  /** Whether the refused request broke a rule of HTTP/2, so that its stream is reset. */
  boolean malformed() {
    return malformed;
  }

  /** What came of the request line of what is no head. Valid until the next read. */
  CharSequence refusedLine() {
    return current().lineText();
  }

  /** Whether the method is HEAD, be the rest as it may. */
  boolean asksForHead() {
    return pseudo.asksForHead();
  }

  /** What the last head costs in memory, in bytes. */
  int charge() {
    return charge;
  }

  @Override
  public void field(AsciiString name, AsciiString text) {
    if (refusal != null) {
      return;
    }
    charge += Math.max(LEAST_CHARGE, name.length() + text.length());
    if (name.length() > 0 && name.byteAt(0) == ':') {
      if (lineWritten || !pseudo.take(name, text)) {
        malformed("a pseudo-field that is unknown, repeated or late");
      }
      return;
    }
    var current = current();
    if (!lineWritten) {
      writeLine(current);
      if (refusal != null) {
        return;
      }
    }
    if (++fieldsSeen > Http1HeadReader.MAX_FIELDS) {
      refuse(431, "more than " + Http1HeadReader.MAX_FIELDS + " fields");
    } else if (name.length() + text.length() > Http1HeadReader.MAX_FIELD) {
      refuse(431, "field longer than " + Http1HeadReader.MAX_FIELD + " bytes");
    } else if (filled + cookieLength + name.length() + text.length() > Http1HeadReader.MAX_HEAD) {
      refuse(431, "head longer than " + Http1HeadReader.MAX_HEAD + " bytes");
    } else {
      readField(current, name, text);
    }
  }

  /** Method, target and version as a request line, and the authority as the Host field. */
  private void writeLine(ReceivedRequest current) {
    lineWritten = true;
    var method = pseudo.lineMethod();
    var path = pseudo.lineTarget();
    append(current, method);
    int methodEnd = filled;
    var bytes = room(current, VERSION.length + path.length() + 1);
    bytes[filled++] = ' ';
    int target = filled;
    append(current, path);
    int targetEnd = filled;
    append(current, VERSION, 0, VERSION.length);
    bytes = current.fields().bytes();
    current.line(Math.min(filled - 2, Http1HeadReader.MAX_LINE));
    var name = method.length() > MAX_METHOD ? "" : MethodNames.of(bytes, methodEnd);
    current.line(name, target, targetEnd, HttpVersion.HTTP_2);
    checkLine(bytes, methodEnd, target, targetEnd);
    var authority = pseudo.authority();
    if (refusal == null && authority != null) {
      int at = filled;
      append(current, HOST, 0, HOST.length);
      addValue(current, FieldName.HOST, at, authority);
    }
  }

  private void checkLine(byte[] bytes, int methodEnd, int target, int targetEnd) {
    var fault = pseudo.fault();
    if (fault != null) {
      malformed(fault);
      return;
    }
    for (int i = 0; i < methodEnd; i++) {
      if (!isToken(bytes[i])) {
        malformed("method is not a token");
        return;
      }
    }
    for (int i = target; i < targetEnd; i++) {
      if ((bytes[i] >= 0 && bytes[i] <= ' ') || bytes[i] == 0x7f) {
        malformed("space or control byte in :path");
        return;
      }
    }
    if (targetEnd > Http1HeadReader.MAX_LINE - VERSION.length) {
      refuse(414, "request line longer than " + Http1HeadReader.MAX_LINE + " bytes");
    } else if (methodEnd > MAX_METHOD) {
      refuse(501, "method longer than " + MAX_METHOD + " bytes");
    } else {
      refusal = pseudo.refusal();
    }
  }

  private void readField(ReceivedRequest current, AsciiString name, AsciiString text) {
    int at = filled;
    append(current, name);
    var bytes = current.fields().bytes();
    boolean underscore = false;
    boolean odd = false;
    for (int i = at; i < filled; i++) {
      byte b = bytes[i];
      if (b >= 'a' && b <= 'z') {
        continue;
      }
      if (!isToken(b) || (b >= 'A' && b <= 'Z')) {
        malformed("field name is not a token in lower case");
        return;
      }
      underscore |= b == '_';
      odd |= b != '_' && b != '-' && (b < '0' || b > '9');
    }
    if (at == filled) {
      malformed("field without a name");
      return;
    }
    if (odd && !unusual.dropped()) {
      refuse(400, "field name has other characters than letters, digits and -");
      return;
    }
    var known = FieldName.of(bytes, at, filled);
    if (!isAllowed(known, text)) {
      malformed("a field that belongs to connections of HTTP/1");
    } else if (known == FieldName.CONTENT_LENGTH
        && (current.fields().contains(known) || RequestValidator.contentLength(text) < 0)) {
      malformed("Content-Length is repeated or no number");
    } else if (pseudo.opensWebSocket() && (known.bit() & OBSOLETE_KEYS) != 0) {
      refuse(400, "obsolete WebSocket handshake");
    } else if (known == FieldName.OTHER && isCookie(bytes, at)) {
      filled = at;
      addCrumb(text);
    } else if (isLeftOut(known, text, odd || (underscore && !unusual.underscores()), bytes, at)) {
      checkLeftOut(current, at, text);
    } else {
      addValue(current, known, at, text);
    }
  }

  private static boolean isAllowed(FieldName known, AsciiString text) {
    return (known.bit() & FORBIDDEN) == 0
        && (known != FieldName.TE || text.contentEqualsIgnoreCase("trailers"));
  }

  private boolean isCookie(byte[] bytes, int at) {
    if (filled - at != COOKIE.length) {
      return false;
    }
    for (int i = 0; i < COOKIE.length; i++) {
      if (bytes[at + i] != COOKIE[i]) {
        return false;
      }
    }
    return true;
  }

  /** Fields of unusual names, a Host that says again what the authority says, a key like ours. */
  private boolean isLeftOut(
      FieldName known, AsciiString text, boolean unwanted, byte[] bytes, int at) {
    var authority = pseudo.authority();
    if (known == FieldName.HOST && authority != null) {
      if (hostSeen || !authority.contentEqualsIgnoreCase(text)) {
        refuse(400, ":authority differs from Host, or Host is repeated");
      }
      hostSeen = true;
      return true;
    }
    return unwanted || (pseudo.opensWebSocket() && Http2PseudoFields.isKey(bytes, at, filled));
  }

  /** Malformed is malformed, be it passed on or not. */
  private void checkLeftOut(ReceivedRequest current, int at, AsciiString text) {
    int from = filled;
    append(current, text);
    if (refusal == null && ControlBytes.find(current.fields().bytes(), from, filled) < filled) {
      malformed("control byte in a field's value");
    }
    filled = at;
  }

  /** The name stands already, from {@code at} on. */
  private void addValue(ReceivedRequest current, FieldName known, int at, AsciiString text) {
    int nameEnd = filled;
    var bytes = room(current, text.length() + 4);
    bytes[filled++] = ':';
    bytes[filled++] = ' ';
    int from = filled;
    append(current, text);
    bytes = current.fields().bytes();
    if (text.length() > 0 && isBlank(bytes[from])) {
      malformed("field value begins with a blank");
      return;
    }
    while (filled > from && isBlank(bytes[filled - 1])) {
      filled--;
    }
    int to = filled;
    if (ControlBytes.find(bytes, from, to) < to) {
      malformed("control byte in a field's value");
      return;
    }
    bytes[filled++] = '\r';
    bytes[filled++] = '\n';
    if (known != FieldName.OTHER) {
      validator.field(known, value.set(bytes, from, to));
    }
    current.fields().add(known, at, nameEnd, from, to);
  }

  /** RFC 9113 8.2.3: pieces of one Cookie field. */
  private void addCrumb(AsciiString text) {
    int before = cookieLength == 0 ? 0 : CRUMB_END.length;
    int length = cookieLength + before + text.length();
    if (length > cookies.length) {
      cookies = Arrays.copyOf(cookies, Math.max(length, 2 * cookies.length));
    }
    System.arraycopy(CRUMB_END, 0, cookies, cookieLength, before);
    System.arraycopy(
        text.array(), text.arrayOffset(), cookies, cookieLength + before, text.length());
    cookieLength = length;
  }

  private void writeCookies(ReceivedRequest current) {
    if (cookieLength == 0) {
      return;
    }
    int at = filled;
    append(current, COOKIE, 0, COOKIE.length);
    addValue(current, FieldName.OTHER, at, new AsciiString(cookies, 0, cookieLength, false));
    if (cookies.length > MOST_KEPT) {
      cookies = new byte[0];
    }
  }

  private void finish(ReceivedRequest current, boolean endsStream) {
    if (refusal != null) {
      return;
    }
    refusal =
        validator.end(
            current.version(), current.method(), current.receivedTarget(), current.destination());
    if (refusal != null) {
      return;
    }
    current.interpret(validator);
    boolean measured = current.fields().contains(FieldName.CONTENT_LENGTH);
    if (endsStream && measured && validator.bodyLength() > 0) {
      malformed("a body is announced and none comes");
    } else if (pseudo.opensWebSocket()) {
      openWebSocket(current);
    } else if (!endsStream && !measured) {
      current.bodyLength(RequestHead.UNKNOWN_LENGTH);
    }
  }

  private void openWebSocket(ReceivedRequest current) {
    var key = WebSocketKey.next();
    int at = filled;
    append(current, AsciiString.of(Http2PseudoFields.KEY));
    addValue(current, FieldName.OTHER, at, AsciiString.of(key.text()));
    current.webSocket(key);
  }

  private void append(ReceivedRequest current, AsciiString text) {
    append(current, text.array(), text.arrayOffset(), text.length());
  }

  private void append(ReceivedRequest current, byte[] from, int at, int length) {
    System.arraycopy(from, at, room(current, length), filled, length);
    filled += length;
  }

  private byte[] room(ReceivedRequest current, int more) {
    return current.fields().bytes(filled + more);
  }

  private void malformed(String detail) {
    malformed = true;
    refuse(400, detail);
  }

  private void refuse(int status, String detail) {
    refusal = new Refusal(status, detail);
  }

  private static boolean isToken(byte b) {
    return Tokens.isTokenByte(b);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
