package dev.weir.dataplane.codec;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Whose parts of replies are read on, of those that a connection's streams have begun: as many at
 * once as there is room for all that is missing of them, so that each of them comes to its end; the
 * others wait in their order with the little that their first read brought.
 *
 * <p>For one of them room is always kept. It has its turn until it is whole or nothing more of it
 * comes for a while: so neither parts that fill the account between them nor an endpoint that keeps
 * silent in the middle of one stops all others.
 *
 * <p>Owned by the connection's event loop.
 */
final class Http2Gatherings implements ReplyParts {
  private final ByteAccount held;
  private final Runnable released;
  private final Runnable onWaiting;
  private final ArrayDeque<Part> waiting = new ArrayDeque<>(0);

  /** Who has what is kept for one. */
  private @Nullable Part turn;

  /**
   * None has begun.
   *
   * @param released there may be room for something
   * @param onWaiting somebody waits for room
   */
  Http2Gatherings(ByteAccount held, Runnable released, Runnable onWaiting) {
    this.held = held;
    this.released = released;
    this.onWaiting = onWaiting;
  }

  /** Whether none waits. */
  boolean isEmpty() {
    return waiting.isEmpty();
  }

  @Override
  public void reading(int bytes) {
    held.reading(bytes);
    if (bytes < 0) {
      released.run();
    }
  }

  @Override
  public void gathering(int bytes, int reserved) {
    held.gathering(bytes, reserved);
  }

  @Override
  public void stuck(int bytes) {
    held.stuck(bytes);
  }

  @Override
  public void gathered() {
    released.run();
  }

  @Override
  public boolean admits(Part part) {
    if ((waiting.isEmpty() || part.equals(turn)) && fits(part)) {
      return true;
    }
    if (part.equals(turn)) {
      waiting.addFirst(part);
    } else {
      waiting.addLast(part);
    }
    held.unread(waiting.size());
    onWaiting.run();
    return false;
  }

  private boolean fits(Part part) {
    int room = held.partRoom() + (turn == null ? 0 : ByteAccount.ONE_PART);
    if (part.missing() <= room) {
      return true;
    }
    if ((turn == null || part.equals(turn)) && part.missing() <= held.turnRoom()) {
      turn = part;
      return true;
    }
    return false;
  }

  /** There may be room. */
  void run() {
    for (var next = waiting.peek(); next != null && fits(next); next = waiting.peek()) {
      var _ = waiting.remove();
      held.unread(waiting.size());
      next.admitted();
    }
  }

  @Override
  public void forget(Part part) {
    if (part.equals(turn)) {
      turn = null;
    }
    if (waiting.remove(part)) {
      held.unread(waiting.size());
    }
  }
}
