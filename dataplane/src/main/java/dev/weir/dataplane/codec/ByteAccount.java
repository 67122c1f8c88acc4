package dev.weir.dataplane.codec;

import dev.weir.dataplane.telemetry.ConnectionMetrics;
import java.util.function.IntSupplier;

/**
 * What one client's connection has us hold, in bytes, and how much more it may (hardening.md
 * section 6, goal 8): at most {@link #FIRST} before its first reply is complete, {@link #LATER}
 * from then on, whatever the client sends or doesn't take. What is bounded is bytes held, not how
 * many times more that is than what the client spent.
 *
 * <p>There are these kinds, and room for each kind takes account of all others:
 *
 * <ul>
 *   <li>heads of requests in flight, charged by field; a new request is refused if its head doesn't
 *       fit;
 *   <li>bodies of requests, from when they come until nobody holds them any more: the exchange, the
 *       copy for a retry, or the queue of an upstream connection;
 *   <li>what the client was allowed to send of bodies and didn't yet: it may come at any time, so
 *       it counts for what fits, but is not held; in its place, what came and is left unread
 *       ({@link Http2Backlog});
 *   <li>replies that wait for a window, the socket, their rate or to be compressed, frames of the
 *       connection included; endpoints are read only as far as there is {@link #replyRoom};
 *   <li>parts of replies that can't be handed on before they are whole: heads, trailers, records of
 *       TLS ({@link Http2Gatherings}).
 * </ul>
 *
 * <p>Requests leave some room for replies, so that a connection full of requests still comes to the
 * end of one; and replies leave some for requests, so that a client whose network is slower than
 * endpoints isn't refused what it asks for besides. Reads of endpoints that are under way when the
 * room goes can't be taken back: each brings {@link #LEAST_READ} at least, for which a margin is
 * kept free. What more a part takes has to fit before it is read, all that is missing of it
 * together; where parts fill the room between them, there still is {@link #ONE_PART} for one. An
 * endpoint that keeps silent in the middle of one gives back what isn't there of it; only if many
 * do so, with all the room, do the others wait until those are given up by their read timeout.
 *
 * <p>Heads of replies count twice while they are written, and then as what waits to be sent. A head
 * that is larger than the part for which room is kept may pass the limit by what it is larger, or
 * its reply might never be over: that takes an endpoint that sends it (64 KiB at most, or what
 * {@code proxy-buffer-size} allows), and there is one at a time, because what waits of the one
 * before takes the room that is kept. Replies of authentication services count in the same way.
 *
 * <p>Not counted is what of a compressed body is in zlib or brotli (bounded for the whole process),
 * and with io_uring nothing is given back of a read under way. A client that still has no reply
 * after five seconds has up to a hundred requests under way, where the margin is for twenty.
 *
 * <p>Owned by the connection's event loop.
 */
final class ByteAccount implements ReplyParts {
  static final int FIRST = 128 * 1024;
  static final int LATER = 512 * 1024;

  /** What a read of an endpoint may bring in any case. */
  static final int LEAST_READ = 512;

  /** What a read of an endpoint brings at most. */
  static final int MOST_READ = 64 * 1024;

  /** What one read may bring although heads of replies take the room. */
  static final int ONE_READ = 16 * 1024;

  /** What is kept for one part of a reply: a record of TLS with all that is around it. */
  static final int ONE_PART = ONE_READ + 512;

  /** Twenty requests in flight, and 128. */
  private static final int FIRST_MARGIN = 10 * 1024;

  private static final int LATER_MARGIN = 64 * 1024;

  /** What requests leave free, the margin included. */
  private static final int FIRST_FOR_REPLIES = 27 * 1024;

  private static final int LATER_FOR_REPLIES = 96 * 1024;

  /** What replies leave free: some heads, or as much of a window as is worth a grant. */
  private static final int FIRST_FOR_REQUESTS = 4 * 1024;

  private static final int LATER_FOR_REQUESTS = 16 * 1024;

  private final ConnectionMetrics metrics;
  private IntSupplier output = () -> 0;
  private boolean trusted;
  private int promised;
  private int requests;
  private int replies;
  private int heads;

  /** Of replies, besides what waits to be sent: until it is. */
  private int kept;

  /** Of parts of replies that aren't whole. */
  private int gathered;

  /** Of that: of parts of which nothing more comes. */
  private int stuck;

  /** Replies that aren't read for want of room: the margin is not for them. */
  private int unread;

  /** Replies of which no more is asked for, because the client or the room takes none. */
  private int unasked;

  /** What reads of endpoints may bring that are under way and can't be taken back. */
  private int reading;

  private int most;

  /**
   * Nothing is held.
   *
   * @param metrics are told how much is held at most
   */
  ByteAccount(ConnectionMetrics metrics) {
    this.metrics = metrics;
  }

  /** Counts what waits at the socket, too. */
  void watch(IntSupplier waiting) {
    output = waiting;
  }

  /** A first reply was complete: the client is one that takes replies. */
  void trust() {
    trusted = true;
    most = 0;
  }

  boolean trusted() {
    return trusted;
  }

  /** Adds to what is held of requests. */
  void hold(int bytes) {
    requests += bytes;
    note();
  }

  /** Takes away from what is held of requests. */
  void release(int bytes) {
    requests -= bytes;
    assert requests >= 0;
  }

  /** Adds to what is held of requests if that fits; says whether it did. */
  boolean tryHold(int bytes) {
    if (bytes > requestRoom()) {
      return false;
    }
    hold(bytes);
    return true;
  }

  /**
   * Adds a copy to what is held of requests if that leaves room for as much of a window as is worth
   * a grant; says whether it did. A copy stays until its request is answered: were there no such
   * room beside it, the rest of the request could never come.
   */
  boolean tryCopy(int bytes) {
    return bytes + Http2Credit.LEAST <= requestRoom() && tryHold(bytes);
  }

  /**
   * Adds a piece of a head that isn't whole yet, if that fits; says whether it did. Nothing else
   * can come meanwhile, so that what is promised doesn't count.
   */
  boolean tryGather(int bytes) {
    if (held() + bytes > limit()) {
      return false;
    }
    hold(bytes);
    return true;
  }

  /** The client may send so many bytes more. */
  void promise(int bytes) {
    promised += bytes;
  }

  /** The client sends so many bytes that it was allowed to send. */
  void spend(int bytes) {
    promised -= bytes;
  }

  /** What the client may send that it didn't yet. */
  int promised() {
    return promised;
  }

  /**
   * How many bytes that came may be left unread. They take the place of what may come: that comes
   * behind them, and not before they are read.
   */
  int unreadRoom() {
    return promised + Math.max(0, requestRoom());
  }

  /** Adds to what waits of replies. */
  void queue(int bytes) {
    replies += bytes;
    note();
  }

  /** Takes away from what waits of replies. */
  void sent(int bytes) {
    replies -= bytes;
    assert replies >= 0;
  }

  /** Adds to what heads of replies take, or takes away from it, once they are written. */
  void heads(int bytes) {
    if (bytes < 0) {
      note();
    }
    heads += bytes;
    assert heads >= 0;
    note();
  }

  @Override
  public void reading(int bytes) {
    reading += bytes;
    assert reading >= 0;
  }

  /** Adds to what an exchange keeps of a reply's body before it is sent, or takes away from it. */
  void keep(int bytes) {
    kept += bytes;
    assert kept >= 0;
    note();
  }

  /** Whether an exchange keeps something that is to be sent. */
  boolean keeps() {
    return kept > 0;
  }

  @Override
  public void gathering(int bytes, int reserved) {
    gathered += bytes;
    reading += reserved;
    assert gathered >= 0 && reading >= 0;
    note();
  }

  @Override
  public void stuck(int bytes) {
    stuck += bytes;
    assert stuck >= 0;
  }

  /** So many parts have brought their least, and are not read for want of room. */
  void unread(int parts) {
    unread = parts;
  }

  /** With HTTP/1 there is one reply at a time: none waits for another. */
  @Override
  public boolean admits(Part part) {
    return true;
  }

  @Override
  public void gathered() {
    // None waits.
  }

  @Override
  public void forget(Part part) {
    // None waits.
  }

  /**
   * Of so many replies no more is asked for until there is room: what their reads brought counts
   * already, and requests needn't leave the margin for it once more.
   */
  void unasked(int replies) {
    unasked = replies;
  }

  /** Looks whether more is held than ever before. */
  void note() {
    int now = held();
    if (now > most) {
      most = now;
      metrics.held(trusted, now);
    }
  }

  /** Bytes that are held. */
  int held() {
    return requests + waiting() + heads + gathered;
  }

  /** Of replies: what goes when the client takes it. */
  private int waiting() {
    return replies + kept + output.getAsInt();
  }

  /** How much more of requests fits, be it sent or promised; may be negative. */
  int requestRoom() {
    int least = Math.max(0, margin() - unasked * LEAST_READ);
    int more = waiting() + heads + gathered + reading + least;
    return limit() - requests - promised - Math.max(more, forReplies());
  }

  /** How much more of replies fits; may be negative. */
  int replyRoom() {
    int waiting = waiting() + reading;
    int free = free(waiting);
    return Math.max(free - heads - gathered, Math.min(free, ONE_READ - waiting));
  }

  /** How much more of parts that aren't whole fits, beside the one for which room is kept. */
  int partRoom() {
    return free(waiting() + reading) - heads - gathered - ONE_PART;
  }

  /**
   * How much more fits of the one part for which room is kept: what others have that wait doesn't
   * matter, or none would ever be over.
   */
  int turnRoom() {
    int waiting = waiting() + reading;
    int free = free(waiting);
    int one = free + forRequests() - stuck;
    return Math.max(free - heads - gathered, Math.min(one, ONE_PART - waiting));
  }

  private int free(int waiting) {
    return limit() - margin() - forRequests() - ofRequests() - waiting;
  }

  /**
   * What replies leave to requests: of a client that sends no bodies, and so is promised less than
   * it could be, that is for the heads of more requests, and not for replies.
   */
  private int ofRequests() {
    int there = requests + promised;
    if (!trusted || promised == 0) {
      return there;
    }
    int could = requests + Math.max(promised, Http2Credit.LATER);
    return Math.min(could, Math.max(there, limit() - forReplies()));
  }

  private int limit() {
    return trusted ? LATER : FIRST;
  }

  private int forReplies() {
    return trusted ? LATER_FOR_REPLIES : FIRST_FOR_REPLIES;
  }

  private int forRequests() {
    return trusted ? LATER_FOR_REQUESTS : FIRST_FOR_REQUESTS;
  }

  private int margin() {
    int all = trusted ? LATER_MARGIN : FIRST_MARGIN;
    return Math.max(0, all - unread * LEAST_READ);
  }
}
