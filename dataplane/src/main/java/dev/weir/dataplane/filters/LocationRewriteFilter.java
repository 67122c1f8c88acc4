package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.ReplyFilter;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.LocationRewrite;
import dev.weir.dataplane.model.TextRule;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Changes where {@code Location} and {@code Refresh} of upstreams' replies lead. */
record LocationRewriteFilter(TextRule rule) implements ReplyFilter {
  private static final String URL = "url=";

  LocationRewriteFilter(LocationRewrite settings) {
    this(settings.rule());
  }

  @Override
  public FilterPhase phase() {
    return FilterPhase.HOST;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    return FilterOutcome.Continue.CONTINUE;
  }

  @Override
  public void onReply(FilterRequest request, ReplyHead reply, HeadEdits edits) {
    FieldLines.change(
        reply.fields(), "location", edits, line -> TextRuleText.apply(rule, line, request));
    FieldLines.change(reply.fields(), "refresh", edits, line -> refresh(line, request));
  }

  /** {@code seconds; url=address}. */
  private @Nullable String refresh(String line, FilterRequest request) {
    int at = line.toLowerCase(Locale.ROOT).indexOf(URL);
    if (at < 0) {
      return null;
    }
    int begin = at + URL.length();
    var changed = TextRuleText.apply(rule, line.substring(begin), request);
    return changed == null ? null : line.substring(0, begin) + changed;
  }
}
