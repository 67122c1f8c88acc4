package dev.weir.dataplane.codec;

import dev.weir.dataplane.codec.BodyDiscard.Progress;
import dev.weir.dataplane.http.Refusal;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The body of the request in progress on a connection of HTTP/1: taken from the connection's bytes
 * one piece at a time, as each is asked for, at a pace that the client has to keep; or thrown away
 * where nobody wants it any more. One for each connection; owned by its event loop.
 */
final class Http1RequestBody {
  private final Http1BodyReader reader = new Http1BodyReader();
  private final BodyPace pace = new BodyPace();
  private final BodyDiscard discard = new BodyDiscard();
  private final RequestBytes handedOn;
  private boolean wanted;
  private boolean unread;

  /**
   * Before the first one.
   *
   * @param handedOn counts what is on its way to an endpoint
   */
  Http1RequestBody(RequestBytes handedOn) {
    this.handedOn = handedOn;
  }

  /** Begins a body of that length, see {@link dev.weir.dataplane.http.RequestHead#bodyLength}. */
  void start(long length) {
    wanted = false;
    reader.start(length);
    pace.start();
  }

  /** Whether the client has sent all of it, and all was taken. */
  boolean done() {
    return reader.done();
  }

  /** Whether more is announced and still to come than is read for the connection's sake. */
  boolean isLong() {
    return reader.moreThan(BodyDiscard.MOST);
  }

  /** Why there is no further body; null if bytes are just missing. */
  @Nullable Refusal refusal() {
    return reader.refusal();
  }

  /** Whether somebody waits for the next piece. */
  boolean wanted() {
    return wanted;
  }

  /** The next piece is wanted. */
  void want() {
    wanted = true;
  }

  /**
   * The next piece is waited for from now on.
   *
   * @param limit between two pieces, in nanoseconds
   * @return how long it may take
   */
  long patience(long limit) {
    return pace.await(System.nanoTime(), limit);
  }

  /** Takes the piece that is wanted, and its reference; null if there is none yet. */
  @Nullable ByteBuf take(ByteBuf in, ServerOutput output) {
    var piece = reader.read(in, output);
    if (piece == null || reader.refusal() != null) {
      return null;
    }
    wanted = false;
    pace.came(System.nanoTime(), piece.readableBytes());
    return handedOn.handOn(piece);
  }

  /** Takes bytes of an upgraded protocol, which are wanted, and their reference. */
  ByteBuf takeRaw(ByteBuf bytes) {
    wanted = false;
    return handedOn.handOn(bytes);
  }

  /**
   * Whether so much of it is on its way that no more should be read.
   *
   * @param waiting bytes that wait to be taken
   */
  boolean full(int waiting) {
    return handedOn.full(waiting);
  }

  /**
   * Takes note of whether the client is read.
   *
   * @param full from {@link #full}
   * @return whether it is again, and its next piece is waited for: from now on
   */
  boolean isReadAgain(boolean full) {
    boolean again = unread && !full && wanted;
    unread = full;
    return again;
  }

  /** Nobody wants what is left. */
  void beginDiscard() {
    discard.start();
  }

  /** Throws away what is there of it. */
  Progress discard(ByteBuf in, ServerOutput output) {
    return discard.next(reader, in, output);
  }
}
