package dev.weir.dataplane.codec;

import static io.netty.util.AsciiString.contentEqualsIgnoreCase;

import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.http.Tokens;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
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
  private RequestHeadWriter() {}

  /**
   * How the message is framed and what becomes of its connection.
   *
   * @param length of the body, 0 for none, {@link RequestHead#UNKNOWN_LENGTH} for chunked
   * @param close whether the connection ends with this request
   * @param defaultHost written where a client sent no host
   */
  public record Framing(long length, boolean close, String defaultHost) {}

  /** Whether the upgrade that a client asks for is passed on: any but {@code h2c}. */
  public static boolean upgrades(RequestHead head) {
    var upgrade = head.upgrade();
    return !upgrade.isEmpty() && !upgrade.toLowerCase(Locale.ROOT).contains("h2c");
  }

  /**
   * Appends the head to {@code out}.
   *
   * @throws IllegalArgumentException if a part can't stand in a head; {@code out} then holds
   *     rubbish
   */
  public static void write(RequestHead head, HeadEdits edits, Framing framing, ByteBuf out) {
    token(out, head.method());
    out.writeByte(' ');
    var newTarget = edits.target();
    target(out, newTarget == null ? head.target() : newTarget);
    ascii(out, " HTTP/1.1\r\n");
    var host = edited(edits, "host");
    if (host == null) {
      host = head.authority().isEmpty() ? framing.defaultHost() : head.authority();
    }
    field(out, "Host", host);
    writeReceived(head, edits, out);
    writeEdits(edits, out);
    if (upgrades(head)) {
      field(out, "Connection", "upgrade");
      field(out, "Upgrade", head.upgrade());
    } else if (framing.close()) {
      field(out, "Connection", "close");
    }
    if (framing.length() == RequestHead.UNKNOWN_LENGTH) {
      field(out, "Transfer-Encoding", "chunked");
    } else if (framing.length() > 0 || announcesNoBody(head)) {
      field(out, "Content-Length", Long.toString(framing.length()));
    }
    ascii(out, "\r\n");
  }

  /** RFC 9110 8.6: methods that define a meaning for a body say so when there is none. */
  private static boolean announcesNoBody(RequestHead head) {
    return switch (head.method()) {
      case "POST", "PUT", "PATCH" -> true;
      default -> head.fields().contains("content-length");
    };
  }

  private static void writeReceived(RequestHead head, HeadEdits edits, ByteBuf out) {
    var nominated = nominated(head);
    head.fields()
        .forEach(
            (name, value) -> {
              if (!isOurs(name) && !contains(nominated, name) && !replaced(edits, name)) {
                field(out, name, value);
              }
            });
  }

  private static void writeEdits(HeadEdits edits, ByteBuf out) {
    var list = edits.edits();
    for (int i = 0; i < list.size(); i++) {
      var edit = list.get(i);
      var value = edit.value();
      if (value != null && !isOurs(edit.name()) && !replacedLater(list, i)) {
        field(out, edit.name(), value);
      }
    }
  }

  private static boolean replacedLater(List<HeadEdits.Edit> edits, int at) {
    var name = edits.get(at).name();
    for (int i = at + 1; i < edits.size(); i++) {
      if (edits.get(i).replace() && edits.get(i).name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean replaced(HeadEdits edits, CharSequence name) {
    var list = edits.edits();
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).replace() && contentEqualsIgnoreCase(list.get(i).name(), name)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String edited(HeadEdits edits, String name) {
    String value = null;
    for (var edit : edits.edits()) {
      if (edit.name().equals(name)) {
        value = edit.value();
      }
    }
    return value;
  }

  /** Fields that the serializer alone decides on. */
  private static boolean isOurs(CharSequence name) {
    return switch (name.length()) {
      case 2 -> contentEqualsIgnoreCase(name, "te");
      case 4 -> contentEqualsIgnoreCase(name, "host");
      case 6 -> contentEqualsIgnoreCase(name, "expect");
      case 7 ->
          contentEqualsIgnoreCase(name, "upgrade") || contentEqualsIgnoreCase(name, "trailer");
      case 10 ->
          contentEqualsIgnoreCase(name, "connection")
              || contentEqualsIgnoreCase(name, "keep-alive");
      case 14 ->
          contentEqualsIgnoreCase(name, "content-length")
              || contentEqualsIgnoreCase(name, "http2-settings");
      case 16 -> contentEqualsIgnoreCase(name, "proxy-connection");
      case 17 -> contentEqualsIgnoreCase(name, "transfer-encoding");
      case 18 -> contentEqualsIgnoreCase(name, "proxy-authenticate");
      case 19 -> contentEqualsIgnoreCase(name, "proxy-authorization");
      default -> false;
    };
  }

  private static List<String> nominated(RequestHead head) {
    var lines = head.fields().all("connection");
    if (lines.isEmpty()) {
      return lines;
    }
    var names = new ArrayList<String>();
    for (var line : lines) {
      Tokens.forEach(line, names::add);
    }
    return names;
  }

  private static boolean contains(List<String> names, CharSequence name) {
    for (int i = 0; i < names.size(); i++) {
      if (contentEqualsIgnoreCase(names.get(i), name)) {
        return true;
      }
    }
    return false;
  }

  private static void field(ByteBuf out, CharSequence name, CharSequence value) {
    token(out, name);
    out.writeByte(':').writeByte(' ');
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
    out.writeByte('\r').writeByte('\n');
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

  private static void ascii(ByteBuf out, String text) {
    int at = room(out, text);
    for (int i = 0; i < text.length(); i++) {
      out.setByte(at + i, text.charAt(i));
    }
    out.writerIndex(at + text.length());
  }

  private static int room(ByteBuf out, CharSequence text) {
    out.ensureWritable(text.length());
    return out.writerIndex();
  }
}
