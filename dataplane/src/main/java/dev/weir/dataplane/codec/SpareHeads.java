package dev.weir.dataplane.codec;

import java.util.ArrayDeque;

/**
 * Heads that nobody looks at any more, to be filled again: one such store for each event loop. A
 * head is given back by the exchange that it belonged to, at its very end; one that never comes
 * back costs nothing but its memory. So a connection that is idle holds none.
 *
 * <p>Owned by its event loop.
 */
public final class SpareHeads {
  private static final int MOST = 64;

  private final ArrayDeque<ReceivedRequest> requests = new ArrayDeque<>();
  private final ArrayDeque<Http1Reply> replies = new ArrayDeque<>();

  private final LowerNames names = new LowerNames();

  /** Names of fields that connections of this loop send. */
  LowerNames names() {
    return names;
  }

  ReceivedRequest request() {
    var spare = requests.pollLast();
    return spare == null ? new ReceivedRequest(this) : spare;
  }

  void add(ReceivedRequest unused) {
    if (requests.size() < MOST) {
      requests.addLast(unused);
    }
  }

  Http1Reply reply() {
    var spare = replies.pollLast();
    return spare == null ? new Http1Reply(this) : spare;
  }

  void add(Http1Reply unused) {
    if (replies.size() < MOST) {
      replies.addLast(unused);
    }
  }
}
