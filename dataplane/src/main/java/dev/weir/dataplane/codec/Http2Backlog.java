package dev.weir.dataplane.codec;

import java.util.concurrent.TimeUnit;

/**
 * Whether a client's frames are read on where the next request begins, or that and all behind it is
 * left as it came, for later:
 *
 * <ul>
 *   <li>One turn of the event loop takes {@link #MOST_HEADS} requests of a connection; the others
 *       go on in the next turn, so that a client with many small ones keeps nobody waiting.
 *   <li>Before a first reply is complete, a request whose head has no room in the {@link
 *       ByteAccount} may wait unread: packed, a hundred of them take less than ten unpacked, so
 *       that a client that sends a hundred before it knows better has none refused.
 * </ul>
 *
 * <p>For want of room nothing is left unread that may be needed: only while some request in flight
 * can come to its end without another frame of the client, which sent all of its body and takes
 * more of its reply; and for five seconds at most. After that the head is refused, and so is one
 * that turns out larger than those before.
 *
 * <p>What is left unread counts. It takes the place of what the client may send besides: that comes
 * behind it, and so not before it is read. If there is more, it has to fit, or is read at once.
 *
 * <p>Owned by the connection's event loop.
 */
final class Http2Backlog {
  /** Requests that one turn of the loop takes of one connection. */
  static final int MOST_HEADS = 64;

  /** By how much heads of one client differ. */
  private static final int SPREAD = 1024;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private enum Wait {
    NONE,
    TURN,
    ROOM
  }

  private final Http2ServerConnection connection;
  private final ByteAccount held;
  private final Runnable run = this::run;
  private Wait wait = Wait.NONE;

  /** Requests in this turn. */
  private int heads;

  /** What the largest head costs so far. */
  private int largest;

  /** Bytes that are counted as left unread, and how many of them as what may come. */
  private int counted;

  private int ofPromise;

  /** Whether it is read on in a later turn anyhow. */
  private boolean planned;

  /** Since when there is something for which there was no room, by {@link System#nanoTime}. */
  private long since;

  private boolean waited;

  Http2Backlog(Http2ServerConnection connection, ByteAccount held) {
    this.connection = connection;
    this.held = held;
  }

  /** A head is read that costs so much. */
  void charged(int charge) {
    largest = Math.max(largest, charge);
  }

  /** What comes now comes in another turn of the loop. */
  void nextTurn() {
    heads = 0;
  }

  /**
   * Whether a request that begins here is left for later.
   *
   * @param rest bytes that are there, of it and behind it
   */
  boolean leaves(int rest) {
    if (heads < MOST_HEADS && !wantsRoom()) {
      heads++;
      return false;
    }
    if (rest > held.unreadRoom()) {
      return false;
    }
    if (heads >= MOST_HEADS) {
      wait = Wait.TURN;
    } else if (isPatient() && endsByItself()) {
      wait = Wait.ROOM;
    } else {
      heads++;
      return false;
    }
    return true;
  }

  /** One that is refused whatever its head takes needs none. */
  private boolean wantsRoom() {
    return !held.trusted()
        && largest > 0
        && held.requestRoom() < largest + SPREAD
        && !connection.streams().full()
        && !connection.servesNoMore();
  }

  private boolean isPatient() {
    long now = System.nanoTime();
    if (!waited) {
      waited = true;
      since = now;
    }
    return now - since < PATIENCE_NANOS;
  }

  /** Whether a request in flight needs nothing more of the client. */
  private boolean endsByItself() {
    if (!connection.parts().sender().hasWindow()) {
      return false;
    }
    for (var stream : connection.streams().all()) {
      if (stream.endsByItself()) {
        return true;
      }
    }
    return false;
  }

  /** Whether something is left unread. */
  boolean waits() {
    return wait != Wait.NONE;
  }

  /** Whether it is left for more than a moment. */
  boolean waitsForRoom() {
    return wait == Wait.ROOM;
  }

  /** Everything is about to be read that is there. */
  void take() {
    wait = Wait.NONE;
    forget();
  }

  private void forget() {
    held.release(counted);
    held.promise(ofPromise);
    counted = 0;
    ofPromise = 0;
  }

  /** So many bytes are left unread. */
  void leave(int bytes) {
    counted = bytes;
    ofPromise = Math.min(bytes, held.promised());
    held.spend(ofPromise);
    held.hold(bytes);
    if (wait == Wait.TURN) {
      plan();
    } else {
      connection.watch(since + PATIENCE_NANOS);
    }
  }

  /**
   * More came.
   *
   * @param bytes that are unread now
   * @return whether they stay so
   */
  boolean keeps(int bytes) {
    if (!planned || !waits()) {
      return false;
    }
    forget();
    if (bytes > held.unreadRoom()) {
      return false;
    }
    leave(bytes);
    return true;
  }

  /** There may be room. */
  void onRoom() {
    if (wait == Wait.ROOM) {
      plan();
    }
  }

  /** The client doesn't take more of a reply: perhaps of none that is in flight. */
  void onStall() {
    if (wait == Wait.ROOM && !endsByItself()) {
      plan();
    }
  }

  /**
   * Looks whether that takes too long.
   *
   * @return when to look again; 0 for never
   */
  long check(long now) {
    if (wait != Wait.ROOM) {
      return 0;
    }
    if (now - since < PATIENCE_NANOS) {
      return since + PATIENCE_NANOS;
    }
    plan();
    return 0;
  }

  /** A task that is due at once runs after others have been read; one without a time wouldn't. */
  private void plan() {
    if (!planned) {
      planned = true;
      var _ = connection.downstream().loop().schedule(run, 0, TimeUnit.NANOSECONDS);
    }
  }

  private void run() {
    planned = false;
    if (waits() && !connection.ending()) {
      nextTurn();
      connection.readOn();
    }
  }
}
