package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.ReplyFilter;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.Cors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers preflight requests and puts {@code Access-Control-*} of our own in the place of a
 * backend's, on every reply (Fetch standard 3.3, ingress-nginx.md 1.3).
 *
 * <p>Where the answer depends on the origin, caches are told ({@code Vary}), also by replies to
 * origins that are not allowed.
 */
record CorsFilter(Cors settings, CorsOrigins origins, String maxAge) implements ReplyFilter {
  private static final List<String> FIELDS =
      List.of(
          "access-control-allow-origin",
          "access-control-allow-credentials",
          "access-control-allow-methods",
          "access-control-allow-headers",
          "access-control-expose-headers",
          "access-control-max-age");

  private static final FilterOutcome PREFLIGHT =
      new FilterOutcome.Reply(
          new LocalReply(204, List.of(), LocalReply.Body.NONE, false)
              .with("content-type", "text/plain charset=UTF-8")
              .with("content-length", "0"));

  CorsFilter(Cors settings) {
    this(settings, CorsOrigins.of(settings.origins()), Integer.toString(settings.maxAge()));
  }

  @Override
  public FilterPhase phase() {
    return FilterPhase.CORS_PREFLIGHT;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    return request.head().method().equals("OPTIONS") && allowed(request) != null
        ? PREFLIGHT
        : FilterOutcome.Continue.CONTINUE;
  }

  @Override
  public void onReply(FilterRequest request, ReplyHead reply, HeadEdits edits) {
    for (int i = 0; i < FIELDS.size(); i++) {
      if (reply.fields().contains(FIELDS.get(i))) {
        edits.remove(FIELDS.get(i));
      }
    }
    var origin = allowed(request);
    if (origin != null) {
      edits.set("access-control-allow-origin", origin);
      if (settings.credentials()) {
        edits.set("access-control-allow-credentials", "true");
      }
      edits.set("access-control-allow-methods", settings.methods());
      edits.set("access-control-allow-headers", settings.headers());
      if (!settings.exposed().isEmpty()) {
        edits.set("access-control-expose-headers", settings.exposed());
      }
      edits.set("access-control-max-age", maxAge);
    }
    if (!origins.any() && !names(reply.fields().all("vary"))) {
      edits.add("vary", "Origin");
    }
  }

  /** What {@code Access-Control-Allow-Origin} says to this request; null if it isn't sent. */
  private @Nullable String allowed(FilterRequest request) {
    if (origins.any()) {
      return "*";
    }
    var lines = request.head().fields().all("origin");
    return lines.size() == 1 && origins.allow(lines.getFirst()) ? lines.getFirst() : null;
  }

  private static boolean names(List<String> vary) {
    for (var line : vary) {
      for (var name : line.split(",", -1)) {
        if (name.strip().equalsIgnoreCase("origin") || name.strip().equals("*")) {
          return true;
        }
      }
    }
    return false;
  }
}
