package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.RequestKey;
import dev.weir.dataplane.filter.RequestSpan.Ids;
import dev.weir.dataplane.filters.TraceParent.Decision;
import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.model.TracingSettings.Sampling;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The span of a request in flight. Immutable.
 *
 * @param parent null where a trace begins
 * @param startEpochNanos since 1970
 * @param startNanos of the clock that tells how long it takes
 */
record OpenSpan(
    Ids ids, boolean sampled, @Nullable TraceParent parent, long startEpochNanos, long startNanos) {
  /** Under which a request keeps it. */
  static final RequestKey<OpenSpan> KEY = new RequestKey<>();

  private static final HexFormat HEX = HexFormat.of();
  private static final long MILLISECOND = 1_000_000;

  /** A span that begins now. */
  static OpenSpan begin(@Nullable TraceParent parent, Sampling sampling, long nanoTime) {
    var ids = parent != null && parent.hasTrace() ? below(parent) : first();
    return new OpenSpan(
        ids,
        isSampled(parent, sampling, ids.traceLow()),
        parent,
        System.currentTimeMillis() * MILLISECOND,
        nanoTime);
  }

  private static Ids below(TraceParent parent) {
    return new Ids(parent.traceHigh(), parent.traceLow(), newId(), parent.spanId());
  }

  private static Ids first() {
    return new Ids(ThreadLocalRandom.current().nextLong(), newId(), newId(), 0);
  }

  /** Never 0, which stands for none. */
  private static long newId() {
    long id = ThreadLocalRandom.current().nextLong();
    return id == 0 ? 1 : id;
  }

  private static boolean isSampled(@Nullable TraceParent parent, Sampling sampling, long traceLow) {
    if (parent == null || !sampling.parentBased()) {
      return sampling.takes(traceLow);
    }
    return switch (parent.decision()) {
      case RECORDED, DEBUGGED -> true;
      case NOT_RECORDED -> false;
      case OPEN -> sampling.takes(traceLow);
    };
  }

  /**
   * Tells a server that it is asked within this span: by {@code traceparent}, and by those fields
   * of B3 that the client sent. What else the client said of a trace is taken away.
   *
   * @param received the client's fields, which go on but for the edits
   */
  void tell(HeadEdits edits, Fields received) {
    var trace = HEX.toHexDigits(ids.traceHigh()) + HEX.toHexDigits(ids.traceLow());
    var span = HEX.toHexDigits(ids.spanId());
    edits.set("traceparent", "00-" + trace + "-" + span + (sampled ? "-01" : "-00"));
    if (received.contains("tracestate") && (parent == null || !parent.w3c())) {
      edits.remove("tracestate");
    }
    boolean debugged = sampled && parent != null && parent.decision() == Decision.DEBUGGED;
    if (received.contains("b3")) {
      edits.set("b3", trace + "-" + span + (debugged ? "-d" : sampled ? "-1" : "-0"));
    }
    if (received.contains("x-b3-traceid")
        || received.contains("x-b3-spanid")
        || received.contains("x-b3-sampled")
        || received.contains("x-b3-flags")) {
      edits.set("x-b3-traceid", trace).set("x-b3-spanid", span);
      edits.set("x-b3-sampled", sampled ? "1" : "0");
      if (ids.parentId() == 0) {
        edits.remove("x-b3-parentspanid");
      } else {
        edits.set("x-b3-parentspanid", HEX.toHexDigits(ids.parentId()));
      }
      if (debugged) {
        edits.set("x-b3-flags", "1");
      } else {
        edits.remove("x-b3-flags");
      }
    }
  }
}
