package dev.weir.dataplane.codec;

import dev.weir.dataplane.telemetry.ConnectionMetrics;
import java.util.function.IntSupplier;

/**
 * What one client's connection has us hold, in bytes, and how much more it may (hardening.md
 * section 6, goal 8): at most {@link #FIRST} before its first reply is complete, {@link #LATER}
 * from then on, whatever the client sends or doesn't take. What is bounded is bytes held, not how
 * many times more that is than what the client spent.
 *
 * <p>There are four kinds, and room for each kind takes account of all others:
 *
 * <ul>
 *   <li>heads of requests in flight, charged by field; a new request is refused if its head doesn't
 *       fit;
 *   <li>bodies of requests, from when they come until nobody holds them any more: the exchange, the
 *       copy for a retry, or the queue of an upstream connection;
 *   <li>what the client was allowed to send of bodies and didn't yet: it may come at any time, so
 *       it counts for what fits, but is not held;
 *   <li>replies that wait for a window or the socket, frames of the connection included; endpoints
 *       are read only as far as there is {@link #replyRoom}.
 * </ul>
 *
 * <p>Requests leave some room for replies, so that a connection full of requests still comes to the
 * end of one; and replies leave some for requests, so that a client whose network is slower than
 * endpoints isn't refused what it asks for besides. Reads of endpoints that are under way when the
 * room goes can't be taken back: each brings {@link #LEAST_READ} at least, for which a margin is
 * kept free. Heads of replies stay until their replies are over, and count; but beside them there
 * is always room for one read, or no reply might ever be over.
 *
 * <p>Two things are bounded by an endpoint's own limits alone: a head that isn't whole yet (64
 * KiB), and with TLS the record that a read begins (16 KiB), of which nothing can be made before
 * all of it was read. Both count as soon as they are whole, so nothing more is asked for; but where
 * the room goes while many reads are under way, each of them may bring one record more than fits.
 * They don't wait for room instead, because an endpoint that keeps silent in the middle of a record
 * would have all others of the connection wait.
 *
 * <p>Owned by the connection's event loop.
 */
final class ByteAccount {
  static final int FIRST = 128 * 1024;
  static final int LATER = 512 * 1024;

  /** What a read of an endpoint may bring in any case. */
  static final int LEAST_READ = 512;

  /** What a read of an endpoint brings at most. */
  static final int MOST_READ = 64 * 1024;

  /** What one read may bring although heads of replies take the room. */
  static final int ONE_READ = 16 * 1024;

  /** Twenty requests in flight, and 128. */
  private static final int FIRST_MARGIN = 10 * 1024;

  private static final int LATER_MARGIN = 64 * 1024;

  /** What requests leave free, the margin included. */
  private static final int FIRST_FOR_REPLIES = 16 * 1024;

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

  /** Adds to what heads of replies take, or takes away from it. */
  void heads(int bytes) {
    heads += bytes;
    assert heads >= 0;
    note();
  }

  /** Adds to what reads may bring that can't be taken back, or takes away from it. */
  void reading(int bytes) {
    reading += bytes;
    assert reading >= 0;
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
    return requests + replies + heads + output.getAsInt();
  }

  /** How much more of requests fits, be it sent or promised; may be negative. */
  int requestRoom() {
    int more = replies + heads + reading + output.getAsInt() + margin();
    int waiting = Math.max(more, forReplies());
    return limit() - requests - promised - waiting;
  }

  /** How much more of replies fits; may be negative. */
  int replyRoom() {
    int waiting = replies + reading + output.getAsInt();
    int free = limit() - margin() - forRequests() - requests - promised - waiting;
    return Math.max(free - heads, Math.min(free, ONE_READ - waiting));
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
    return trusted ? LATER_MARGIN : FIRST_MARGIN;
  }
}
