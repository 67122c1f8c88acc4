package dev.weir.dataplane.codec;

import io.netty.util.collection.IntObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a connection that are open, and how the last ones ended: what a late frame means
 * depends on that (RFC 9113 5.1). Owned by the connection's event loop.
 */
final class Http2Streams {
  /** Before the first reply is complete: how many requests a client may have in flight. */
  static final int FIRST = 20;

  /**
   * As many as clients take for granted that were told of no number yet, and send without waiting
   * for one (RFC 9113 6.5.2 recommends it; h2load does so).
   */
  static final int UNTOLD = 100;

  private static final int REMEMBERED = 128;

  /** However large its heads, a client may have so many requests in flight. */
  private static final int LEAST = 8;

  /** Bytes of heads that fit into a {@link ByteAccount} beside the largest window and replies. */
  private static final int FOR_HEADS = 152 * 1024;

  private static final Http2ServerStream[] NONE = {};

  /** How a stream came to its end. */
  enum Fate {
    /** Both sides said all. */
    COMPLETE,
    /** The client may not know yet. */
    RESET_BY_US,
    RESET_BY_CLIENT,
    /** It was never opened. */
    NEVER,
    /** Too long ago. */
    FORGOTTEN
  }

  private final IntObjectHashMap<Http2ServerStream> open = new IntObjectHashMap<>();
  private int @Nullable [] endedIds;
  private Fate @Nullable [] fates;
  private int ended;
  private int last;
  private int announced;
  private int enforced = UNTOLD;
  private int unacknowledged;
  private long toldAt;
  private boolean trusted;
  private int limit = Integer.MAX_VALUE;

  /** The highest one that the client opened. */
  int last() {
    return last;
  }

  /** The client opens this one, whatever becomes of it. */
  void begin(int id) {
    last = id;
  }

  @Nullable Http2ServerStream get(int id) {
    return open.get(id);
  }

  void add(int id, Http2ServerStream stream) {
    open.put(id, stream);
  }

  /** How many are open. */
  int size() {
    return open.size();
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  /** How many the client may open, as far as it can know. */
  int allowed() {
    return enforced;
  }

  /** Whether the client opened as many as it may. */
  boolean full() {
    return open.size() >= enforced;
  }

  /** Those that are open now; streams may end meanwhile. */
  Http2ServerStream[] all() {
    return open.isEmpty() ? NONE : open.values().toArray(NONE);
  }

  /** A stream is over. */
  void end(int id, Fate fate) {
    var _ = open.remove(id);
    var ids = endedIds;
    var how = fates;
    if (ids == null || how == null) {
      ids = new int[REMEMBERED];
      how = new Fate[REMEMBERED];
      endedIds = ids;
      fates = how;
    }
    ids[ended % REMEMBERED] = id;
    how[ended % REMEMBERED] = fate;
    ended = ended == Integer.MAX_VALUE ? ended % REMEMBERED + REMEMBERED : ended + 1;
  }

  /** What became of a stream that isn't open, and not to come. */
  Fate fate(int id) {
    var ids = endedIds;
    var how = fates;
    if (ids == null || how == null) {
      return Fate.NEVER;
    }
    int known = Math.min(ended, REMEMBERED);
    for (int i = 0; i < known; i++) {
      if (ids[i] == id) {
        return how[i];
      }
    }
    return ended > REMEMBERED ? Fate.FORGOTTEN : Fate.NEVER;
  }

  /**
   * A client whose requests have large heads is told to send fewer at once, halving their number
   * until those fit: rather than that some are refused.
   *
   * @param charge of a head
   */
  void limitFor(int charge) {
    while (limit > LEAST && Math.min(limit, ServerLimits.USUAL_STREAMS) * charge > FOR_HEADS) {
      limit = Math.max(LEAST, Math.min(limit, ServerLimits.USUAL_STREAMS) / 2);
    }
  }

  /** From now on as many as are configured. */
  void trust() {
    trusted = true;
  }

  /**
   * How many the client is to be told that it may open; it is told so now.
   *
   * @param configured how many at most
   * @return 0 if it was told so already
   */
  int announce(int configured) {
    // 0: not spoken any more; a connection that speaks it goes on.
    int most = Math.min(limit, configured == 0 ? ServerLimits.USUAL_STREAMS : configured);
    int wanted = trusted ? most : Math.min(FIRST, most);
    if (wanted == announced) {
      return 0;
    }
    announced = wanted;
    enforced = Math.max(enforced, wanted);
    if (unacknowledged++ == 0) {
      toldAt = System.nanoTime();
    }
    return wanted;
  }

  /** The client says that it knows how many it may open. */
  void acknowledged() {
    if (unacknowledged == 0) {
      return;
    }
    if (--unacknowledged == 0) {
      enforced = announced;
    } else {
      toldAt = System.nanoTime();
    }
  }

  /** Whether there are more than the client was told it may open, and it doesn't say it knows. */
  boolean tooMany() {
    return unacknowledged > 0 && open.size() > announced;
  }

  /** The client can't know of it yet, or can't say so: its time begins now. */
  void untold(long now) {
    toldAt = now;
  }

  /** Since when the client owes us an acknowledgement, by {@link System#nanoTime}. */
  long toldAt() {
    return toldAt;
  }
}
