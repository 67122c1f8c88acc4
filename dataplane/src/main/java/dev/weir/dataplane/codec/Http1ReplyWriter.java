package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.FieldName;
import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.OwnFields;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.Tokens;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes reply heads: status line, the fields of the reply without the hop-by-hop ones, the edits,
 * and framing of our own (RFC 9112 6, RFC 9110 7.6.1). Every byte of a field is checked again on
 * its way out. One for each connection; owned by its event loop.
 */
final class Http1ReplyWriter implements Fields.Visitor {
  /** How a reply is framed. */
  enum Framing {
    /** No field: 1xx, 204, or an upgrade. */
    NONE,
    /** The reply's own Content-Length, which describes another reply: HEAD and 304. */
    AS_RECEIVED,
    LENGTH,
    CHUNKED,
    /** HTTP/1.0 client, unknown length: the end of the connection ends the body. */
    UNTIL_CLOSE
  }

  private static final long HOP_BY_HOP =
      FieldName.bits(
          FieldName.TE,
          FieldName.TRAILER,
          FieldName.CONNECTION,
          FieldName.KEEP_ALIVE,
          FieldName.PROXY_CONNECTION,
          FieldName.TRANSFER_ENCODING,
          FieldName.PROXY_AUTHENTICATE);

  /** Of a backend's fields: who serves is nobody's business, unless an edit says it. */
  static final long NOT_PASSED = HOP_BY_HOP | FieldName.SERVER.bit();

  private static final byte[] VERSION = ascii("HTTP/1.1 ");
  private static final byte[] CRLF = ascii("\r\n");
  private static final byte[] CONTENT_LENGTH = ascii("content-length: ");
  private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
  private static final byte[] CLOSE = ascii("connection: close\r\n");
  private static final byte[] KEEP_ALIVE = ascii("connection: keep-alive\r\n");
  private static final byte[] UPGRADE = ascii("connection: upgrade\r\n");

  private @Nullable ByteBuf out;
  private @Nullable HeadEdits edits;
  private List<String> nominated = List.of();
  private long dropped;
  private Framing framing = Framing.NONE;
  private boolean upgrade;

  /** What goes into the Connection field. */
  enum Persistence {
    SILENT,
    KEEP_ALIVE,
    CLOSE,
    UPGRADE
  }

  /**
   * Appends the head to {@code to}.
   *
   * @throws IllegalArgumentException if an edit names what is no field or one that says how the
   *     reply is framed or what becomes of the connection; nothing was written then
   */
  void write(
      ByteBuf to,
      ReplyHead head,
      HeadEdits headEdits,
      Framing newFraming,
      Persistence persistence) {
    check(headEdits, head.status());
    out = to;
    edits = headEdits;
    framing = newFraming;
    upgrade = persistence == Persistence.UPGRADE;
    dropped =
        NOT_PASSED
            | (upgrade ? 0 : FieldName.UPGRADE.bit())
            | (framing == Framing.AS_RECEIVED ? 0 : FieldName.CONTENT_LENGTH.bit());
    nominated = ReceivedLines.nominated(head.fields());
    writeStatusLine(to, head);
    if (head.fields() instanceof ByteFields received) {
      ReceivedLines.copy(received, dropped, headEdits, nominated, to);
    } else {
      head.fields().forEach(this);
    }
    var changes = headEdits.edits();
    for (int i = 0; i < changes.size(); i++) {
      writeEdit(to, headEdits, i);
    }
    writeFraming(to, head.bodyLength());
    switch (persistence) {
      case SILENT -> {}
      case KEEP_ALIVE -> to.writeBytes(KEEP_ALIVE);
      case CLOSE -> to.writeBytes(CLOSE);
      case UPGRADE -> to.writeBytes(UPGRADE);
    }
    to.writeBytes(CRLF);
    out = null;
    edits = null;
    nominated = List.of();
  }

  private static void writeStatusLine(ByteBuf to, ReplyHead head) {
    to.writeBytes(VERSION);
    writeStatus(to, head.status());
    to.writeByte(' ');
    if (head instanceof Http1Reply received && !received.reasonText().isEmpty()) {
      var reason = received.reasonText();
      to.writeBytes(reason.bytes(), reason.start(), reason.length());
    } else {
      writeValue(to, head.reason().isEmpty() ? StatusText.of(head.status()) : head.reason());
    }
    to.writeBytes(CRLF);
  }

  /**
   * Checks edits of a reply.
   *
   * @throws IllegalArgumentException if one names what is no field, or one of the serializers' own
   */
  static void check(HeadEdits edits, int status) {
    var changes = edits.edits();
    for (int i = 0; i < changes.size(); i++) {
      var edit = changes.get(i);
      if (edit.value() == null) {
        continue;
      }
      if (!Tokens.isToken(edit.name())) {
        throw new IllegalArgumentException("not a field name: " + edit.name());
      }
      if (OwnFields.inReplies(edit.name()) && !saysNothing(status, edit)) {
        throw new IllegalArgumentException(
            "field " + edit.name() + " can't be set: the proxy frames its replies itself");
      }
    }
  }

  /** An empty reply to a preflight request says so, as ingress-nginx's does. */
  private static boolean saysNothing(int status, HeadEdits.Edit edit) {
    return status == 204 && edit.name().equals("content-length") && "0".equals(edit.value());
  }

  private void writeFraming(ByteBuf to, long length) {
    switch (framing) {
      case LENGTH -> {
        to.writeBytes(CONTENT_LENGTH);
        writeNumber(to, length);
        to.writeBytes(CRLF);
      }
      case CHUNKED -> to.writeBytes(CHUNKED);
      case NONE, AS_RECEIVED, UNTIL_CLOSE -> {}
    }
  }

  private static void writeEdit(ByteBuf to, HeadEdits edits, int i) {
    var edit = edits.edits().get(i);
    var value = edit.value();
    if (value != null && !ReceivedLines.replacedLater(edits.edits(), i)) {
      writeField(to, edit.name(), value);
    }
  }

  private static void writeField(ByteBuf to, CharSequence name, CharSequence value) {
    writeValue(to, name);
    to.writeByte(':').writeByte(' ');
    writeValue(to, value);
    to.writeBytes(CRLF);
  }

  @Override
  public void field(CharSequence name, CharSequence value) {
    var to = out;
    var current = edits;
    if (to != null
        && current != null
        && (FieldName.of(name).bit() & dropped) == 0
        && !ReceivedLines.contains(nominated, name)
        && !ReceivedLines.replaced(current, name)) {
      writeField(to, name, value);
    }
  }

  private static void writeNumber(ByteBuf to, long number) {
    if (number >= 1_000_000_000) {
      ByteBufUtil.writeAscii(to, Long.toString(number));
      return;
    }
    int rest = (int) number;
    int power = 1;
    while (rest / power >= 10) {
      power *= 10;
    }
    for (; power > 0; power /= 10) {
      to.writeByte('0' + rest / power % 10);
    }
  }

  private static void writeStatus(ByteBuf to, int status) {
    to.writeByte('0' + status / 100 % 10)
        .writeByte('0' + status / 10 % 10)
        .writeByte('0' + status % 10);
  }

  /** Latin-1, byte by byte as received; what can't stand in a field becomes a space. */
  private static void writeValue(ByteBuf to, CharSequence value) {
    int length = value.length();
    to.ensureWritable(length);
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      // Beyond Latin-1 the low byte alone would be written, and it may be a line feed.
      boolean fits = (c >= ' ' && c <= 0xff && c != 0x7f) || c == '\t';
      to.writeByte(fits ? c : ' ');
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
