package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.ReplyFilter;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.CookieRewrite;
import dev.weir.dataplane.model.TextRule;
import org.jspecify.annotations.Nullable;

/**
 * Changes the domain and the path of upstreams' cookies (RFC 6265 4.1.1, 5.2); every other byte of
 * a {@code Set-Cookie} stays. Cookies that the proxy or an authentication service adds are left
 * alone.
 */
record CookieRewriteFilter(CookieRewrite settings) implements ReplyFilter {
  @Override
  public FilterPhase phase() {
    // Before filters that add cookies.
    return FilterPhase.HOST;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    return FilterOutcome.Continue.CONTINUE;
  }

  @Override
  public void onReply(FilterRequest request, ReplyHead reply, HeadEdits edits) {
    FieldLines.change(reply.fields(), "set-cookie", edits, line -> rewritten(line, request));
  }

  private @Nullable String rewritten(String line, FilterRequest request) {
    StringBuilder text = null;
    int copied = 0;
    int begin = line.indexOf(';') + 1;
    while (begin > 0) {
      int semicolon = line.indexOf(';', begin);
      int end = semicolon < 0 ? line.length() : semicolon;
      int equals = line.indexOf('=', begin);
      if (equals >= 0 && equals < end) {
        int from = skipBlanks(line, equals + 1, end);
        int to = cutBlanks(line, from, end);
        var changed = changed(line, begin, equals, line.substring(from, to), request);
        if (changed != null) {
          text = text == null ? new StringBuilder(line.length() + 16) : text;
          text.append(line, copied, from).append(changed);
          copied = to;
        }
      }
      begin = semicolon + 1;
    }
    return text == null ? null : text.append(line, copied, line.length()).toString();
  }

  /** The new value of the attribute whose name stands between; null where it stays. */
  private @Nullable String changed(
      String line, int begin, int equals, String value, FilterRequest request) {
    int from = skipBlanks(line, begin, equals);
    int length = cutBlanks(line, from, equals) - from;
    TextRule rule = null;
    if (length == 6 && line.regionMatches(true, from, "domain", 0, 6)) {
      rule = settings.domain();
    } else if (length == 4 && line.regionMatches(true, from, "path", 0, 4)) {
      rule = settings.path();
    }
    return rule == null ? null : TextRuleText.apply(rule, value, request);
  }

  private static int skipBlanks(String text, int from, int end) {
    int at = from;
    while (at < end && isBlank(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int cutBlanks(String text, int from, int end) {
    int at = end;
    while (at > from && isBlank(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
