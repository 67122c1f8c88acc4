package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.EndListener;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.FilterServices;
import dev.weir.dataplane.filter.RequestSpan;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.filter.SpanSink;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.model.Tracing;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives each request of its route a span, tells the upstream of it, and passes it on when the
 * request is over. Tries of one request share their span, as ingress-nginx's do.
 */
final class TracingFilter implements RouteFilter, EndListener {
  /** Of each text: spans wait in a queue, and a client must not fill the heap by it. */
  private static final int LONGEST = 1024;

  private static final int SCHEME_AND_SLASH = "HTTP/".length();

  private final Tracing settings;
  private final SpanSink sink;
  private final LongSupplier nanoTime;

  TracingFilter(Tracing settings, FilterServices services) {
    this.settings = settings;
    this.sink = services.spans();
    this.nanoTime = services.nanoTime();
  }

  /** Before all others, which may answer: the feature adds it first. */
  @Override
  public FilterPhase phase() {
    return FilterPhase.HOST;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    var fields = request.head().fields();
    var parent = settings.trusts() ? TraceParent.of(fields) : null;
    var tracing = request.settings().tracing();
    var span = OpenSpan.begin(parent, tracing.sampling(), nanoTime.getAsLong());
    span.tell(request.edits(), fields);
    request.keep(OpenSpan.KEY, span);
    request.keep(RequestSpan.IDS, span.ids());
    if (span.sampled() && tracing.exports()) {
      request.atEnd(this);
    }
    return FilterOutcome.Continue.CONTINUE;
  }

  /** A request that begins anew has no status yet, and gets another span. */
  @Override
  public void onEnd(FilterRequest request) {
    var span = request.kept(OpenSpan.KEY);
    if (span != null && request.record().status() != 0) {
      sink.take(closed(span, request));
    }
  }

  private RequestSpan closed(OpenSpan span, FilterRequest request) {
    var head = request.head();
    var record = request.record();
    var host = record.hostPattern();
    return new RequestSpan(
        span.ids(),
        name(request),
        new RequestSpan.Times(
            span.startEpochNanos(), Math.max(0, nanoTime.getAsLong() - span.startNanos())),
        new RequestSpan.Http(
            head.method(),
            head.version().text().substring(SCHEME_AND_SLASH),
            cut(head.targetText()),
            head.authority(),
            cut(head.fields().first("user-agent")),
            record.status()),
        new RequestSpan.Connection(
            request.tls() ? "https" : "http",
            host.isEmpty() ? "_" : host,
            request.port(),
            request.clientAddress(),
            request.from().peerPort()));
  }

  /** The path where the name comes to nothing: nobody's route has no path that anybody wrote. */
  private String name(FilterRequest request) {
    var name = request.evaluate(settings.name());
    return cut(name.isEmpty() ? request.route().match().path() : name);
  }

  private static String cut(@Nullable CharSequence text) {
    if (text == null) {
      return "";
    }
    return text.length() <= LONGEST ? text.toString() : text.subSequence(0, LONGEST).toString();
  }

  /** Tells a server that is asked for the sake of a request, if that is traced. */
  static void tell(HeadEdits edits, FilterRequest request) {
    var span = request.kept(OpenSpan.KEY);
    if (span != null) {
      span.tell(edits, request.head().fields());
    }
  }
}
