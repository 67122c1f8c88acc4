package dev.weir.dataplane.fuzz;

import dev.weir.dataplane.wire.ReplySession.Asked;
import dev.weir.dataplane.wire.ReplySession.End;
import dev.weir.dataplane.wire.ReplySession.Head;
import dev.weir.dataplane.wire.ReplySession.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a reply the slow way, by the grammar of RFC 9112 as regular expressions. It refuses less
 * than the proxy does; what the proxy accepts, it must read alike.
 */
final class SlowReply {
  private static final String TEXT = "[^\\x00-\\x08\\x0a-\\x1f\\x7f]*";
  private static final Pattern LINE =
      Pattern.compile("HTTP/1\\.([0-9]) ([1-9][0-9][0-9])(?: (" + TEXT + "))?");
  private static final Pattern FIELD =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(" + TEXT + "?)[ \t]*");
  private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,15})([ \t;]" + TEXT + ")?");

  private final Asked asked;
  private final String text;
  private final List<Head> heads = new ArrayList<>();
  private final StringBuilder body = new StringBuilder();
  private int at;

  private SlowReply(Asked asked, String text) {
    this.asked = asked;
    this.text = text;
  }

  /** The reply that {@code text} begins with; MALFORMED if this can't read it either. */
  static Outcome read(Asked asked, String text) {
    var reader = new SlowReply(asked, text);
    var end = reader.read();
    int left = end == End.REUSABLE || end == End.CLOSE ? text.length() - reader.at : 0;
    return new Outcome(reader.heads, end == End.MALFORMED ? "" : reader.body.toString(), end, left);
  }

  private End read() {
    while (true) {
      int end = text.indexOf("\r\n\r\n", at);
      if (end < 0) {
        return End.INCOMPLETE;
      }
      var lines = text.substring(at, end).split("\r\n", -1);
      var first = LINE.matcher(lines[0]);
      var fields = fields(lines);
      if (!first.matches() || fields == null) {
        return End.MALFORMED;
      }
      at = end + 4;
      int status = Integer.parseInt(first.group(2));
      var reason = first.group(3) == null ? "" : first.group(3);
      var head = head(status, reason, fields);
      heads.add(head);
      if (status == 101) {
        return rest();
      }
      if (status >= 200) {
        boolean old = first.group(1).equals("0");
        return body(head, all(fields, "transfer-encoding"), old || closes(fields));
      }
    }
  }

  private static @Nullable List<String> fields(String[] lines) {
    var fields = new ArrayList<String>();
    for (int i = 1; i < lines.length; i++) {
      var field = FIELD.matcher(lines[i]);
      if (!field.matches()) {
        return null;
      }
      fields.add(field.group(1) + ": " + field.group(2));
    }
    return fields;
  }

  private Head head(int status, String reason, List<String> fields) {
    boolean without = asked == Asked.HEAD || status < 200 || status == 204 || status == 304;
    var lengths = all(fields, "content-length");
    long length = -1;
    if (without) {
      length = 0;
    } else if (!lengths.isEmpty() && lengths.getFirst().matches("[0-9]{1,18}")) {
      length = Long.parseLong(lengths.getFirst());
    }
    var kept =
        status == 204
            ? fields.stream()
                .filter(line -> !line.matches("(?is)(content-length|transfer-encoding): .*"))
                .toList()
            : fields;
    return new Head(status, reason, kept, length);
  }

  private End body(Head head, List<String> codings, boolean close) {
    var done = close ? End.CLOSE : End.REUSABLE;
    if (head.bodyLength() == 0) {
      return done;
    }
    if (!codings.isEmpty()) {
      return chunked() ? done : End.INCOMPLETE;
    }
    if (head.bodyLength() < 0) {
      return rest();
    }
    int end = (int) Math.min(text.length(), at + head.bodyLength());
    body.append(text, at, end);
    boolean whole = end - at == head.bodyLength();
    at = end;
    return whole ? done : End.INCOMPLETE;
  }

  private End rest() {
    body.append(text, at, text.length());
    at = text.length();
    return End.OPEN;
  }

  private boolean chunked() {
    while (true) {
      int lineEnd = text.indexOf("\r\n", at);
      if (lineEnd < 0) {
        return false;
      }
      var line = CHUNK.matcher(text.substring(at, lineEnd));
      if (!line.matches()) {
        return false;
      }
      long size = Long.parseLong(line.group(1), 16);
      at = lineEnd + 2;
      if (size == 0) {
        break;
      }
      int end = (int) Math.min(text.length(), at + size);
      body.append(text, at, end);
      at = end;
      if (!text.startsWith("\r\n", at)) {
        return false;
      }
      at += 2;
    }
    while (true) {
      int lineEnd = text.indexOf("\r\n", at);
      if (lineEnd < 0) {
        return false;
      }
      boolean empty = lineEnd == at;
      at = lineEnd + 2;
      if (empty) {
        return true;
      }
    }
  }

  private static boolean closes(List<String> fields) {
    for (var value : all(fields, "connection")) {
      for (var token : value.split(",", -1)) {
        if (token.strip().equalsIgnoreCase("close")) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<String> all(List<String> fields, String name) {
    return fields.stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .toList();
  }
}
