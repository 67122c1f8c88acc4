package dev.weir.dataplane.filter;

/** Takes the spans of requests that are over. Never waits; may be called by all event loops. */
@FunctionalInterface
public interface SpanSink {
  /** Takes a span, or drops it. */
  void take(RequestSpan span);
}
