package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.ClientFields;
import dev.weir.dataplane.http.FieldName;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.HttpVersion;
import dev.weir.dataplane.http.OwnFields;
import dev.weir.dataplane.http.RequestForm;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.http.Tokens;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes the head of a request to an HTTP/1.1 upstream: a new message made of checked parts
 * (hardening.md section 3, rules 1, 2, 7). Host comes first; hop-by-hop fields, those that the
 * client nominated in {@code Connection}, {@code Expect} and framing fields are left out; the
 * framing is ours. Every part is checked again here, whatever way it came (P11).
 *
 * <p>Pure; may be used on any loop.
 */
public final class RequestHeadWriter {
  private static final byte[] VERSION_AND_HOST = bytes("HTTP/1.1\r\nHost: ");
  private static final byte[] VERSION_1_0_AND_HOST = bytes("HTTP/1.0\r\nHost: ");
  private static final byte[] FORWARDED_HOST = bytes("x-forwarded-host: ");
  private static final byte[] REQUEST_ID = bytes("x-request-id: ");
  private static final int CRLF = '\r' << 8 | '\n';

  private RequestHeadWriter() {}

  /**
   * How the message is framed and what becomes of its connection.
   *
   * @param length of the body, 0 for none, {@link RequestHead#UNKNOWN_LENGTH} for chunked
   * @param close whether the connection ends with this request
   * @param defaultHost written where a client sent no host
   */
  public record Framing(long length, boolean close, String defaultHost) {}

  /**
   * Whether the upgrade that a client asks for is passed on: any but {@code h2c}, unless the edits
   * give the request another form.
   */
  public static boolean upgrades(RequestHead head, HeadEdits edits) {
    var upgrade = head.upgrade();
    return !upgrade.isEmpty()
        && edits.form().upgrades()
        && !upgrade.toLowerCase(Locale.ROOT).contains("h2c");
  }

  /** As the other, for those who have the framing in one. */
  public static void write(RequestHead head, HeadEdits edits, Framing framing, ByteBuf out) {
    write(head, edits, framing.length, framing.close, framing.defaultHost, out);
  }

  /**
   * Appends the head to {@code out}.
   *
   * @param length see {@link Framing}
   * @param close see {@link Framing}
   * @param defaultHost see {@link Framing}
   * @throws IllegalArgumentException if a part can't stand in a head; {@code out} then holds
   *     rubbish
   */
  public static void write(
      RequestHead head,
      HeadEdits edits,
      long length,
      boolean close,
      String defaultHost,
      ByteBuf out) {
    writeLine(head, edits, out);
    out.writeBytes(edits.form().http10() ? VERSION_1_0_AND_HOST : VERSION_AND_HOST);
    var host = edited(edits, "host");
    if (host != null) {
      value(out, "Host", host);
    } else {
      authority(head, defaultHost, out);
    }
    out.writeShort(CRLF);
    writeReceived(head, edits, out);
    writeEdits(edits, out);
    writeClient(head, edits, out);
    if (upgrades(head, edits)) {
      field(out, "Connection", "upgrade");
      field(out, "Upgrade", head.upgrade());
    } else {
      writeConnection(edits.form(), close, takesTrailers(head, edits), out);
    }
    if (length == RequestHead.UNKNOWN_LENGTH) {
      field(out, "Transfer-Encoding", "chunked");
    } else if (length > 0 || announcesNoBody(head, edits)) {
      field(out, "Content-Length", Long.toString(length));
    }
    out.writeShort(CRLF);
  }

  /** Whether a client of HTTP/2 said so: trailers of the reply reach no other. */
  private static boolean takesTrailers(RequestHead head, HeadEdits edits) {
    return head.version() == HttpVersion.HTTP_2
        && head.fields().contains(FieldName.TE)
        && !edits.form().http10();
  }

  private static void writeConnection(
      RequestForm form, boolean close, boolean trailers, ByteBuf out) {
    var persistence =
        switch (form.connection()) {
          case KEEP_ALIVE -> "keep-alive";
          case CLOSE -> "close";
          // In HTTP/1.0 that goes without saying.
          case USUAL -> close && !form.http10() ? "close" : "";
        };
    if (trailers) {
      // RFC 9110 10.1.4: it is a matter of this connection.
      field(out, "Connection", persistence.isEmpty() ? "te" : persistence + ", te");
      field(out, "TE", "trailers");
    } else if (!persistence.isEmpty()) {
      field(out, "Connection", persistence);
    }
  }

  /** Method and target. */
  private static void writeLine(RequestHead head, HeadEdits edits, ByteBuf out) {
    var newTarget = edits.target();
    if (newTarget == null && head instanceof ReceivedRequest received && received.pathIsPlain()) {
      out.writeBytes(received.fields().bytes(), 0, received.receivedTarget().end() + 1);
      return;
    }
    token(out, head.method());
    out.writeByte(' ');
    target(out, newTarget == null ? head.target() : newTarget);
    out.writeByte(' ');
  }

  private static void authority(RequestHead head, String defaultHost, ByteBuf out) {
    if (head instanceof ReceivedRequest received) {
      var text = received.destination().authorityText();
      if (!text.isEmpty()) {
        out.writeBytes(text.bytes(), text.start(), text.length());
        return;
      }
    }
    value(out, "Host", head.authority().isEmpty() ? defaultHost : head.authority());
  }

  /** RFC 9110 8.6: methods that define a meaning for a body say so when there is none. */
  private static boolean announcesNoBody(RequestHead head, HeadEdits edits) {
    return switch (head.method()) {
      case "POST", "PUT", "PATCH" -> true;
      default ->
          head.fields().contains(FieldName.CONTENT_LENGTH) && !edits.replaces("content-length");
    };
  }

  private static void writeReceived(RequestHead head, HeadEdits edits, ByteBuf out) {
    var nominated = ReceivedLines.nominated(head.fields());
    long dropped = OwnFields.OF_REQUESTS | ownNames(edits);
    if (head.fields() instanceof ByteFields received) {
      ReceivedLines.copy(received, dropped, edits, nominated, out);
      return;
    }
    head.fields()
        .forEach(
            (name, value) -> {
              if ((FieldName.of(name).bit() & dropped) == 0
                  && !ReceivedLines.contains(nominated, name)
                  && !ReceivedLines.replaced(edits, name)) {
                field(out, name, value);
              }
            });
  }

  /** Names that neither received fields nor edits are written of. */
  private static long ownNames(HeadEdits edits) {
    return (edits.client() == null ? 0 : ClientFields.names())
        | (edits.sendsRequestId() ? FieldName.X_REQUEST_ID.bit() : 0);
  }

  private static void writeEdits(HeadEdits edits, ByteBuf out) {
    var list = edits.edits();
    long dropped = OwnFields.OF_REQUESTS | ownNames(edits);
    for (int i = 0; i < list.size(); i++) {
      var edit = list.get(i);
      var value = edit.value();
      if (value != null
          && (FieldName.of(edit.name()).bit() & dropped) == 0
          && !ReceivedLines.replacedLater(list, i)) {
        field(out, edit.name(), value);
      }
    }
  }

  private static void writeClient(RequestHead head, HeadEdits edits, ByteBuf out) {
    if (edits.sendsRequestId()) {
      out.writeBytes(REQUEST_ID);
      edits.writeRequestId(out);
      out.writeShort(CRLF);
    }
    var client = edits.client();
    if (client != null) {
      out.writeBytes(FORWARDED_HOST);
      authority(head, "", out);
      out.writeShort(CRLF).writeBytes(client.lines());
    }
  }

  private static @Nullable String edited(HeadEdits edits, String name) {
    String value = null;
    var list = edits.edits();
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).name().equals(name)) {
        value = list.get(i).value();
      }
    }
    return value;
  }

  private static void field(ByteBuf out, CharSequence name, CharSequence value) {
    token(out, name);
    out.writeByte(':').writeByte(' ');
    value(out, name, value);
    out.writeShort(CRLF);
  }

  private static void value(ByteBuf out, CharSequence name, CharSequence value) {
    int at = room(out, value);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
        throw new IllegalArgumentException(
            "value of field " + name + " has character " + (int) c + " at position " + i);
      }
      out.setByte(at + i, c);
    }
    out.writerIndex(at + value.length());
  }

  private static void token(ByteBuf out, CharSequence text) {
    int at = room(out, text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Tokens.isTokenByte(c)) {
        throw new IllegalArgumentException("not a method or field name: " + text);
      }
      out.setByte(at + i, c);
    }
    if (text.isEmpty()) {
      throw new IllegalArgumentException("empty method or field name");
    }
    out.writerIndex(at + text.length());
  }

  private static void target(ByteBuf out, String target) {
    int at = room(out, target);
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c == 0x7f || c > 0xff) {
        throw new IllegalArgumentException("target has character " + (int) c + " at position " + i);
      }
      out.setByte(at + i, c);
    }
    if (target.isEmpty()) {
      throw new IllegalArgumentException("empty target");
    }
    out.writerIndex(at + target.length());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static int room(ByteBuf out, CharSequence text) {
    out.ensureWritable(text.length());
    return out.writerIndex();
  }
}
