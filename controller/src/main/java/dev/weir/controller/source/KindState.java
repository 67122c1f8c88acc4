package dev.weir.controller.source;

import dev.weir.controller.resource.Kind;
import java.time.Instant;

/** How one watch is doing. Written by the watch's thread, read by any. */
final class KindState {
  private final Kind kind;
  private final String namespace;
  private volatile SourceState state;

  KindState(Kind kind, String namespace) {
    this.kind = kind;
    this.namespace = namespace;
    this.state =
        new SourceState(
            kind, namespace, false, false, Instant.EPOCH, new SourceState.Counts(0, 0), "");
  }

  SourceState now() {
    return state;
  }

  boolean synced() {
    return state.synced();
  }

  /** A list was delivered. */
  void listed() {
    var counts = state.counts();
    long relists = state.synced() ? counts.relists() + 1 : counts.relists();
    set(true, true, Instant.now(), new SourceState.Counts(counts.events(), relists), "");
  }

  /** Something arrived that changes nothing. */
  void alive() {
    set(state.synced(), true, Instant.now(), state.counts(), "");
  }

  /** A change was delivered. */
  void event() {
    var counts = state.counts();
    var more = new SourceState.Counts(counts.events() + 1, counts.relists());
    set(state.synced(), true, Instant.now(), more, "");
  }

  /** It was found that this kind can't be read and isn't needed. */
  void doneWithout() {
    set(true, state.connected(), state.lastEvent(), state.counts(), state.problem());
  }

  void failed(String problem) {
    set(state.synced(), false, state.lastEvent(), state.counts(), problem);
  }

  private void set(
      boolean synced,
      boolean connected,
      Instant lastEvent,
      SourceState.Counts counts,
      String problem) {
    state = new SourceState(kind, namespace, synced, connected, lastEvent, counts, problem);
  }
}
