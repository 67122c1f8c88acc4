package dev.weir.dataplane.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests the slow way, by the grammar of RFC 9112 as regular expressions: where an accepted
 * request begins and ends, and what it says. It refuses less than the proxy does; what the proxy
 * accepts, it must read alike.
 */
final class SlowRequests {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern LINE = Pattern.compile("(" + TOKEN + ") ([!-~]+) HTTP/1\\.([0-9])");
  private static final Pattern FIELD =
      Pattern.compile("(" + TOKEN + "):[ \t]*([^\\x00-\\x08\\x0a-\\x1f\\x7f]*?)[ \t]*");
  private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,15})(;[^\\x00-\\x08]*)?");

  /**
   * A request.
   *
   * @param fields {@code name: value}, in order
   * @param body what there is of it
   * @param end index after it
   */
  record Message(
      String method, String target, List<String> fields, String body, boolean whole, int end) {
    List<String> all(String name) {
      var prefix = name + ": ";
      return fields.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(line -> line.substring(prefix.length()))
          .toList();
    }
  }

  private SlowRequests() {}

  /** The request that begins at {@code from}; null if its head is not complete or not one. */
  static @Nullable Message at(String text, int from) {
    int start = text.startsWith("\r\n", from) ? from + 2 : from;
    int end = text.indexOf("\r\n\r\n", start);
    if (end < 0) {
      return null;
    }
    var lines = text.substring(start, end).split("\r\n", -1);
    var first = LINE.matcher(lines[0]);
    if (!first.matches()) {
      return null;
    }
    var fields = new ArrayList<String>();
    for (int i = 1; i < lines.length; i++) {
      var field = FIELD.matcher(lines[i]);
      if (!field.matches()) {
        return null;
      }
      if (field.group(1).matches("[0-9A-Za-z-]+")) {
        fields.add(field.group(1) + ": " + field.group(2));
      }
    }
    var target = first.group(2).replaceFirst("^(?i:https?)://[^/?]*", "");
    var head =
        new Message(
            first.group(1),
            target.startsWith("/") || target.equals("*") ? target : "/" + target,
            fields,
            "",
            true,
            end + 4);
    if (!head.all("transfer-encoding").isEmpty()) {
      return chunked(text, head);
    }
    var lengths = head.all("content-length");
    return lengths.isEmpty() ? head : counted(text, head, Long.parseLong(lengths.getFirst()));
  }

  private static Message counted(String text, Message head, long length) {
    int end = (int) Math.min(text.length(), head.end + length);
    return with(head, text.substring(head.end, end), end - head.end == length, end);
  }

  private static Message chunked(String text, Message head) {
    var body = new StringBuilder();
    int at = head.end;
    while (true) {
      int lineEnd = text.indexOf("\r\n", at);
      if (lineEnd < 0) {
        return with(head, body.toString(), false, text.length());
      }
      var line = CHUNK.matcher(text.substring(at, lineEnd));
      if (!line.matches()) {
        return with(head, body.toString(), false, at);
      }
      long size = Long.parseLong(line.group(1), 16);
      at = lineEnd + 2;
      if (size == 0) {
        return trailers(text, head, body.toString(), at);
      }
      int dataEnd = (int) Math.min(text.length(), at + size);
      body.append(text, at, dataEnd);
      at = dataEnd;
      if (!text.startsWith("\r\n", at)) {
        return with(head, body.toString(), false, at);
      }
      at += 2;
    }
  }

  private static Message trailers(String text, Message head, String body, int from) {
    int at = from;
    while (true) {
      int lineEnd = text.indexOf("\r\n", at);
      if (lineEnd < 0) {
        return with(head, body, false, text.length());
      }
      if (lineEnd == at) {
        return with(head, body, true, at + 2);
      }
      if (!FIELD.matcher(text.substring(at, lineEnd)).matches()) {
        return with(head, body, false, at);
      }
      at = lineEnd + 2;
    }
  }

  private static Message with(Message head, String body, boolean whole, int end) {
    return new Message(head.method, head.target, head.fields, body, whole, end);
  }
}
