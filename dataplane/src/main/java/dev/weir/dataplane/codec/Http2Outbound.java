package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The body of a stream's reply: how long it is to be, what of it waits to be sent, and how much of
 * that the client takes. Owned by the connection's event loop; {@link Http2Sender} moves the flags.
 */
final class Http2Outbound {
  private static final int SWITCHING = 101;

  /** Bytes that the client takes of this stream; negative if it changed its mind. */
  int window;

  /** Whether it is among the streams of which something waits. */
  boolean queued;

  /** Whether it is among the streams that want to hear of room. */
  boolean awaited;

  private boolean bodyless;
  private boolean keepsLength;

  /** Bytes that are announced and not sent; negative if none are announced. */
  private long left = Http2HeadWriter.NO_LENGTH;

  private long stalledAt;
  private @Nullable ArrayDeque<ByteBuf> pieces;
  private @Nullable ByteBuf trailers;
  private int size;
  private boolean end;
  private boolean endTaken;

  Http2Outbound(int window) {
    this.window = window;
  }

  /**
   * The head is about to be sent.
   *
   * @param headRequest whether it answers a HEAD
   * @param length as {@link ReplyHead#bodyLength}
   * @return the length to announce, or {@link Http2HeadWriter#NO_LENGTH}
   */
  long begin(int status, boolean headRequest, long length) {
    bodyless = headRequest || status == 204 || status == 304;
    keepsLength = bodyless && status != 204;
    boolean measured = status != SWITCHING && !bodyless && length != RequestHead.UNKNOWN_LENGTH;
    left = measured ? length : Http2HeadWriter.NO_LENGTH;
    return left;
  }

  /** Whether the reply has no body, whatever its head says. */
  boolean bodyless() {
    return bodyless;
  }

  /** A received Content-Length stays where it describes what a GET would bring. */
  boolean keepsLength() {
    return keepsLength;
  }

  /** Counts a piece; false if these are more bytes than announced, or the last are too few. */
  boolean fits(int bytes, boolean last) {
    if (left < 0) {
      return true;
    }
    left -= bytes;
    return last ? left == 0 : left >= 0;
  }

  /** Whether nothing waits, be it bytes or the end. */
  boolean isEmpty() {
    return size == 0 && !end;
  }

  /** Bytes that wait. */
  int size() {
    return size;
  }

  /** Bytes that are held of it: those that wait, and the block that follows them. */
  int held() {
    var block = trailers;
    return block == null ? size : size + block.readableBytes();
  }

  /** Since when the client takes nothing of what waits; 0 if nothing waits. */
  long stalledAt() {
    return stalledAt;
  }

  /** The client doesn't take what there is; whether it took everything before. */
  boolean stalls() {
    boolean news = stalledAt == 0;
    if (news) {
      stalledAt = System.nanoTime();
    }
    return news;
  }

  /**
   * The client takes something.
   *
   * @param all whether nothing waits any more
   */
  void moves(boolean all) {
    if (stalledAt != 0) {
      stalledAt = all ? 0 : System.nanoTime();
    }
  }

  /** Adds a piece, whose reference it takes over. */
  void add(ByteBuf data, boolean last) {
    end = last;
    if (!data.isReadable()) {
      data.release();
      return;
    }
    var list = pieces;
    if (list == null) {
      list = new ArrayDeque<>(4);
      pieces = list;
    }
    size += data.readableBytes();
    list.add(data);
  }

  /**
   * Takes the next bytes; the reference is the caller's.
   *
   * @param most bytes
   */
  ByteBuf take(int most) {
    var list = pieces;
    var first = list == null ? null : list.peek();
    if (list == null || first == null) {
      takeEnd();
      return Unpooled.EMPTY_BUFFER;
    }
    if (first.readableBytes() > most) {
      size -= most;
      return first.readRetainedSlice(most);
    }
    size -= first.readableBytes();
    var _ = list.remove();
    if (size == 0) {
      takeEnd();
    }
    return first;
  }

  private void takeEnd() {
    endTaken = end;
    end = false;
  }

  /** Whether what was taken last is the last. */
  boolean endTaken() {
    return endTaken;
  }

  /** Keeps a packed block that follows the body; takes the reference over. */
  void trailers(ByteBuf block) {
    var before = trailers;
    if (before != null) {
      before.release();
    }
    trailers = block;
  }

  boolean hasTrailers() {
    return trailers != null;
  }

  /** The block that follows the body; the reference is the caller's. */
  @Nullable ByteBuf takeTrailers() {
    var block = trailers;
    trailers = null;
    return block;
  }

  /** Lets go of everything. */
  void clear() {
    var list = pieces;
    pieces = null;
    size = 0;
    end = false;
    if (list != null) {
      for (var piece : list) {
        piece.release();
      }
    }
    var block = takeTrailers();
    if (block != null) {
      block.release();
    }
  }
}
