package dev.weir.dataplane.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a path the slow way: step by step over whole texts, as servers do that split at slashes
 * first and decode then. A byte beyond ASCII is shown as {@code U+E000 + byte}, a slash or
 * backslash that stays encoded as {@code U+E100 + byte}.
 */
final class SlowPath {
  private static final Pattern RAW = Pattern.compile("[!$%&'()*+,./0-9:;=@A-Z\\[\\]_a-z~-]*");
  private static final Pattern QUERY = Pattern.compile("[!$%&'()*+,./0-9:;=?@A-Z\\[\\]_a-z~-]*");
  private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");

  /** Ways to read: a sum of these. */
  static final int SLASHES = 1;

  static final int BACKSLASHES = 2;
  static final int PARAMETERS = 4;

  private SlowPath() {}

  /** The path of a target; null if it must be refused. */
  static @Nullable String read(String target, int ways) {
    int mark = target.indexOf('?');
    var path = mark < 0 ? target : target.substring(0, mark);
    var query = mark < 0 ? "" : target.substring(mark + 1);
    if (!path.startsWith("/")
        || !RAW.matcher(path).matches()
        || !QUERY.matcher(query).matches()
        || ESCAPE.matcher(path).replaceAll("").contains("%")) {
      return null;
    }
    if ((ways & SLASHES) != 0) {
      path = path.replaceAll("%2[Ff]", "/");
    }
    if ((ways & BACKSLASHES) != 0) {
      path = path.replaceAll("%5[Cc]", "/");
    }
    if ((ways & PARAMETERS) != 0) {
      path = path.replaceAll("(;|%3[Bb])[^/]*", "");
    }
    var segments = new ArrayList<String>();
    for (var segment : path.substring(1).split("/", -1)) {
      var decoded = decode(segment);
      if (decoded == null) {
        return null;
      }
      segments.add(decoded);
    }
    return resolve(segments);
  }

  private static @Nullable String decode(String segment) {
    var text = new StringBuilder();
    var escapes = ESCAPE.matcher(segment);
    while (escapes.find()) {
      int octet = Integer.parseInt(escapes.group(1), 16);
      if (octet < ' ' || octet == 0x7f) {
        return null;
      }
      char shown = (char) octet;
      if (octet == '/' || octet == '\\') {
        shown = (char) (0xE100 + octet);
      } else if (octet >= 0x80) {
        shown = (char) (0xE000 + octet);
      }
      escapes.appendReplacement(text, Matcher.quoteReplacement(String.valueOf(shown)));
    }
    escapes.appendTail(text);
    return text.toString();
  }

  private static @Nullable String resolve(List<String> segments) {
    var kept = new ArrayList<String>();
    for (var segment : segments) {
      switch (segment) {
        case "", "." -> {}
        case ".." -> {
          if (kept.isEmpty()) {
            return null;
          }
          kept.removeLast();
        }
        default -> kept.add(segment);
      }
    }
    var last = segments.getLast();
    boolean folder = last.isEmpty() || last.equals(".") || last.equals("..");
    return "/" + String.join("/", kept) + (folder && !kept.isEmpty() ? "/" : "");
  }
}
