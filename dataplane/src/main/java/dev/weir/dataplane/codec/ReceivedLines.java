package dev.weir.dataplane.codec;

import static io.netty.util.AsciiString.contentEqualsIgnoreCase;

import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.Tokens;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies the lines of a received head into one that is sent, bytes to bytes. Lines that follow each
 * other and all stay go in one copy: most heads take one or two. Every byte was checked by the
 * reader that filled the fields. Pure.
 */
final class ReceivedLines {
  private static final int COLON_SPACE = ':' << 8 | ' ';
  private static final int CRLF = '\r' << 8 | '\n';

  private ReceivedLines() {}

  /** Lower-case names that {@code Connection} asks to leave out, without its own keywords. */
  static List<String> nominated(Fields fields) {
    if (fields instanceof ByteFields known && !known.nominates()) {
      return List.of();
    }
    var lines = fields.all("connection");
    if (lines.isEmpty()) {
      return lines;
    }
    var names = new ArrayList<String>();
    for (var line : lines) {
      Tokens.forEach(line, names::add);
    }
    names.remove("upgrade");
    return names;
  }

  /** Whether an edit takes the place of lines of that name. */
  static boolean replaced(HeadEdits edits, CharSequence name) {
    var list = edits.edits();
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).replace() && contentEqualsIgnoreCase(list.get(i).name(), name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a later edit takes the place of this one. */
  static boolean replacedLater(List<HeadEdits.Edit> edits, int at) {
    var name = edits.get(at).name();
    for (int i = at + 1; i < edits.size(); i++) {
      if (edits.get(i).replace() && edits.get(i).name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a name is among some lower-case ones. */
  static boolean contains(List<String> names, CharSequence name) {
    for (int i = 0; i < names.size(); i++) {
      if (contentEqualsIgnoreCase(names.get(i), name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Copies.
   *
   * @param dropped bits of names that are left out
   * @param edits lines that they replace are left out
   * @param nominated from {@link #nominated}
   */
  static void copy(
      ByteFields fields, long dropped, HeadEdits edits, List<String> nominated, ByteBuf out) {
    boolean byName = !edits.isEmpty() || !nominated.isEmpty();
    int runStart = 0;
    int runEnd = 0;
    for (int i = 0; i < fields.size(); i++) {
      if ((fields.bit(i) & dropped) != 0
          || (byName && (contains(nominated, fields.name(i)) || replaced(edits, fields.name(i))))) {
        continue;
      }
      int start = fields.nameStart(i);
      int end = fields.wholeLineEnd(i);
      if (start == runEnd && end > 0) {
        runEnd = end;
        continue;
      }
      out.writeBytes(fields.bytes(), runStart, runEnd - runStart);
      if (end > 0) {
        runStart = start;
        runEnd = end;
      } else {
        runStart = 0;
        runEnd = 0;
        anew(fields, i, out);
      }
    }
    out.writeBytes(fields.bytes(), runStart, runEnd - runStart);
  }

  /** A line that came with more or less space than is sent. */
  private static void anew(ByteFields fields, int field, ByteBuf out) {
    var bytes = fields.bytes();
    int name = fields.nameStart(field);
    int value = fields.valueStart(field);
    out.writeBytes(bytes, name, fields.nameEnd(field) - name).writeShort(COLON_SPACE);
    out.writeBytes(bytes, value, fields.valueEnd(field) - value).writeShort(CRLF);
  }
}
