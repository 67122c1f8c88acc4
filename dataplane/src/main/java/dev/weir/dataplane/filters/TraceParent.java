package dev.weir.dataplane.filters;

import dev.weir.dataplane.http.Fields;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Whose span a request belongs to, as its fields say: {@code traceparent} (W3C Trace Context), else
 * {@code b3}, else {@code X-B3-*} (openzipkin/b3-propagation). What is malformed counts as absent.
 * Immutable.
 *
 * @param traceHigh 0 with {@code traceLow} and {@code spanId} where only a decision is known
 * @param w3c whether it came by {@code traceparent}, so that {@code tracestate} belongs to it
 */
record TraceParent(long traceHigh, long traceLow, long spanId, Decision decision, boolean w3c) {
  private static final int W3C_LENGTH = 55;
  private static final int LONG_TRACE = 32;
  private static final int SHORT = 16;

  /** What was decided about recording the trace. */
  enum Decision {
    RECORDED,
    NOT_RECORDED,
    /** Recorded, whatever it costs (B3 only). */
    DEBUGGED,
    /** Not decided yet (B3 only). */
    OPEN
  }

  /** Whether a trace is named. */
  boolean hasTrace() {
    return spanId != 0;
  }

  /** Null if they say nothing. */
  static @Nullable TraceParent of(Fields fields) {
    var parent = w3c(only(fields, "traceparent"));
    if (parent == null) {
      parent = b3(only(fields, "b3"));
    }
    return parent == null ? multipleB3(fields) : parent;
  }

  /** The field's value if there is one line of it. */
  private static @Nullable String only(Fields fields, String name) {
    var value = fields.first(name);
    return value == null || fields.valueText(name, 1) != null ? null : value;
  }

  /** {@code version-trace-span-flags}; later versions may go on after another dash. */
  private static @Nullable TraceParent w3c(@Nullable String text) {
    if (text == null
        || text.length() < W3C_LENGTH
        || text.charAt(2) != '-'
        || text.charAt(35) != '-'
        || text.charAt(52) != '-'
        || !isHex(text, 0, 2)
        || !isHex(text, 53, 55)
        || text.startsWith("ff")) {
      return null;
    }
    boolean ends = text.length() == W3C_LENGTH;
    if (!ends && (text.startsWith("00") || text.charAt(W3C_LENGTH) != '-')) {
      return null;
    }
    boolean recorded = (HexFormat.fromHexDigit(text.charAt(54)) & 1) != 0;
    return ids(
        text.substring(3, 35),
        text.substring(36, 52),
        recorded ? Decision.RECORDED : Decision.NOT_RECORDED,
        true);
  }

  /** {@code trace-span}, {@code trace-span-decision[-parent]}, or a decision alone. */
  private static @Nullable TraceParent b3(@Nullable String text) {
    if (text == null) {
      return null;
    }
    var parts = text.split("-", -1);
    if (parts.length == 1) {
      return decided(decision(parts[0]));
    }
    var decision = parts.length == 2 ? Decision.OPEN : decision(parts[2]);
    boolean ends =
        parts.length <= 3
            || (parts.length == 4 && parts[3].length() == SHORT && isHex(parts[3], 0, SHORT));
    return decision == null || !ends ? null : ids(parts[0], parts[1], decision, false);
  }

  private static @Nullable TraceParent multipleB3(Fields fields) {
    var sampled = only(fields, "x-b3-sampled");
    boolean debugged = "1".equals(only(fields, "x-b3-flags"));
    var decision =
        debugged ? Decision.DEBUGGED : sampled == null ? Decision.OPEN : decision(sampled);
    var trace = only(fields, "x-b3-traceid");
    var span = only(fields, "x-b3-spanid");
    if (decision == null) {
      return null;
    }
    return trace == null || span == null
        ? decided(decision == Decision.OPEN ? null : decision)
        : ids(trace, span, decision, false);
  }

  private static @Nullable TraceParent decided(@Nullable Decision decision) {
    return decision == null ? null : new TraceParent(0, 0, 0, decision, false);
  }

  private static @Nullable Decision decision(String text) {
    return switch (text) {
      case "1", "true" -> Decision.RECORDED;
      case "0", "false" -> Decision.NOT_RECORDED;
      case "d" -> Decision.DEBUGGED;
      default -> null;
    };
  }

  private static @Nullable TraceParent ids(
      String trace, String span, Decision decision, boolean w3c) {
    boolean isLong = trace.length() == LONG_TRACE;
    if (!(isLong || (!w3c && trace.length() == SHORT))
        || span.length() != SHORT
        || !isHex(trace, 0, trace.length())
        || !isHex(span, 0, SHORT)) {
      return null;
    }
    long high = isLong ? HexFormat.fromHexDigitsToLong(trace, 0, SHORT) : 0;
    long low = HexFormat.fromHexDigitsToLong(trace, trace.length() - SHORT, trace.length());
    long id = HexFormat.fromHexDigitsToLong(span);
    return (high | low) == 0 || id == 0 ? null : new TraceParent(high, low, id, decision, w3c);
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return true;
  }
}
