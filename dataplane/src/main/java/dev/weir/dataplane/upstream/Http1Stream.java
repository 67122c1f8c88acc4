package dev.weir.dataplane.upstream;

import dev.weir.dataplane.codec.ReplyRoom;
import dev.weir.dataplane.codec.RequestHeadWriter;
import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.telemetry.EndpointCounters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One request and its reply on a {@link Http1Connection}: the sending half, the listener, and what
 * the deadlines look at. The connection drives the receiving half.
 *
 * <p>Owned by the connection's event loop. Made anew for each request, so that a late call of an
 * earlier request can't touch a later one.
 */
final class Http1Stream implements UpstreamStream {
  private static final int HEAD_SIZE = 1024;
  private static final ByteBuf CRLF =
      Unpooled.unreleasableBuffer(
          Unpooled.directBuffer(2).writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII)));
  private static final ByteBuf LAST_CHUNK =
      Unpooled.unreleasableBuffer(
          Unpooled.directBuffer(5).writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

  private final Http1Connection connection;
  private final boolean reused;
  private final Timeouts timeouts;
  private final long begunAt;
  private @Nullable UpstreamStreamListener listener;

  /** Index among the streams that the loop watches. */
  int slot = -1;

  private int replyHead;
  private boolean over;
  private boolean headSent;
  private boolean doomed;
  private boolean requestEnded;
  private boolean chunked;
  private boolean raw;
  private boolean answered;
  private boolean counted = true;
  private boolean wanted;
  private boolean touched;
  private boolean sendBegun;
  private long left;
  private long activeAt;
  private long sendMark;
  private long sendAt;

  /**
   * Begins.
   *
   * @param begunAt {@link System#nanoTime} now
   */
  Http1Stream(Http1Connection connection, boolean reused, Timeouts timeouts, long begunAt) {
    this.connection = connection;
    this.reused = reused;
    this.timeouts = timeouts;
    this.begunAt = begunAt;
  }

  void listener(UpstreamStreamListener theirs) {
    listener = theirs;
  }

  @Override
  public Endpoint endpoint() {
    return connection.endpoint().endpoint();
  }

  @Override
  public boolean reused() {
    return reused;
  }

  @Override
  public void allowReplyHead(int bytes) {
    replyHead = bytes;
  }

  @Override
  public void sendHead(RequestHead head, HeadEdits edits, boolean end) {
    if (over) {
      return;
    }
    if (headSent) {
      throw new IllegalStateException("the head was sent before");
    }
    long length = end ? 0 : head.bodyLength();
    if (edits.form().last()) {
      connection.lastRequest();
    }
    var out = connection.channel().alloc().directBuffer(HEAD_SIZE);
    try {
      RequestHeadWriter.write(
          head, edits, length, connection.closes(), connection.endpoint().text(), out);
    } catch (IllegalArgumentException e) {
      out.release();
      cancel();
      throw e;
    }
    if (connection.gone()) {
      out.release();
      doomed = true;
      // Not from inside of a call of the owner.
      connection.channel().eventLoop().execute(connection::failUnsent);
      return;
    }
    headSent = true;
    chunked = length == RequestHead.UNKNOWN_LENGTH;
    left = chunked ? 0 : length;
    requestEnded = end;
    connection.expectReply(
        head.method().equals("HEAD"), RequestHeadWriter.upgrades(head, edits), replyHead);
    touch();
    connection.write(out);
    if (end) {
      connection.flush();
    } else {
      connection.prepareBody(chunked || length > Http1Connection.LOW_WATER);
      connection.flushSoon();
    }
    read();
  }

  @Override
  public void sendBody(ByteBuf data, boolean end) {
    if (over || doomed) {
      data.release();
      return;
    }
    if (!headSent || requestEnded) {
      data.release();
      cancel();
      throw new IllegalStateException(headSent ? "body after its end" : "body before the head");
    }
    int length = data.readableBytes();
    if (raw) {
      sendRaw(data, end);
    } else if (chunked) {
      sendChunk(data, length, end);
    } else if (length > left || (end && length < left)) {
      data.release();
      cancel();
      throw new IllegalStateException(
          "body has " + length + " bytes where " + left + " were left; end: " + end);
    } else {
      left -= length;
      writeOrRelease(data, length);
    }
    requestEnded = end;
    if (end) {
      // A reply is waited for from now on, however long the body took.
      touch();
    }
    connection.flush();
  }

  private void sendRaw(ByteBuf data, boolean end) {
    writeOrRelease(data, data.readableBytes());
    touch();
    if (end) {
      connection.endOutput();
    }
  }

  private void sendChunk(ByteBuf data, int length, boolean end) {
    if (length > 0) {
      var size = connection.channel().alloc().directBuffer(10);
      ByteBufUtil.writeAscii(size, Integer.toHexString(length));
      connection.write(size.writeBytes(CRLF, 0, 2));
    }
    writeOrRelease(data, length);
    if (length > 0) {
      connection.write(CRLF.duplicate());
    }
    if (end) {
      connection.write(LAST_CHUNK.duplicate());
    }
  }

  private void writeOrRelease(ByteBuf data, int length) {
    if (length == 0) {
      data.release();
    } else {
      connection.write(data);
    }
  }

  @Override
  public boolean writable() {
    return over || connection.channel().isWritable();
  }

  @Override
  public void read() {
    if (over) {
      return;
    }
    if (!wanted) {
      wanted = true;
      touch();
    }
    connection.requestRead();
  }

  @Override
  public void cancel() {
    if (!over) {
      over = true;
      connection.abandoned(this, !headSent);
    }
  }

  // What the connection calls.

  boolean over() {
    return over;
  }

  /** Looks at the deadlines. */
  void check(long now) {
    connection.check(this, now);
  }

  /** Where it is counted. */
  EndpointCounters counters() {
    return connection.endpoint().counters();
  }

  /** What bounds reads; null for nothing. */
  @Nullable ReplyRoom room() {
    var to = listener;
    return to == null ? null : to.room();
  }

  /** Whether the owner waits for a piece of the reply. */
  boolean wanted() {
    return wanted;
  }

  boolean headSent() {
    return headSent;
  }

  /** Whether all of the request was handed to the connection. */
  boolean requestEnded() {
    return requestEnded;
  }

  /**
   * Bytes went by: the read deadline starts anew, at the next look at it. Looks are frequent, the
   * clock isn't free.
   */
  void touch() {
    touched = true;
  }

  /** The first byte waits to be taken: the send deadline starts anew, at the next look at it. */
  void sendBegins() {
    sendBegun = true;
  }

  void informational(ReplyHead head) {
    listenerOrThrow().onInformational(head);
  }

  /** It is no request in flight any more. */
  void uncount() {
    if (counted) {
      counted = false;
      connection.load().requestEnds();
    }
  }

  void upgraded() {
    raw = true;
    uncount();
    // The request was complete; what follows is not part of it.
    requestEnded = false;
  }

  /** When the request was sent. */
  long begunAt() {
    return begunAt;
  }

  /** Whether the head of the reply came. */
  boolean answered() {
    return answered;
  }

  void head(ReplyHead head, boolean end) {
    answered = true;
    counters().answered(System.nanoTime() - begunAt);
    wanted = false;
    over |= end;
    listenerOrThrow().onHead(head, end);
  }

  void trailers(Fields trailers) {
    listenerOrThrow().onTrailers(trailers);
  }

  void body(ByteBuf data, boolean end) {
    wanted = false;
    over |= end;
    listenerOrThrow().onBody(data, end);
  }

  void writableAgain() {
    // While the owner is being handed the stream it has no listener yet: it sends, and looks at
    // writable() itself after each piece.
    var theirs = listener;
    if (headSent && !over && theirs != null) {
      theirs.onWritable();
    }
  }

  void failed(UpstreamFailure failure) {
    if (!over) {
      over = true;
      if (headSent && !answered) {
        counters().unanswered();
      }
      listenerOrThrow().onFailure(failure);
    }
  }

  /**
   * What is overdue, if anything. The read deadline runs only while a piece of the reply is waited
   * for and the upstream has the whole request; the send deadline while it takes nothing.
   *
   * @param pending whether bytes wait to be taken by the upstream
   * @param taken changes whenever the upstream takes bytes
   */
  UpstreamFailure.@Nullable Kind overdue(long now, boolean pending, long taken) {
    if (touched) {
      touched = false;
      activeAt = now;
    }
    if (!headSent) {
      return null;
    }
    if (pending) {
      activeAt = now;
      if (sendBegun || taken != sendMark) {
        sendBegun = false;
        sendMark = taken;
        sendAt = now;
      }
      return now - sendAt > timeouts.send().toNanos() ? UpstreamFailure.Kind.SEND_TIMEOUT : null;
    }
    boolean waiting = wanted && (requestEnded || raw);
    return waiting && now - activeAt > timeouts.read().toNanos()
        ? UpstreamFailure.Kind.READ_TIMEOUT
        : null;
  }

  private UpstreamStreamListener listenerOrThrow() {
    var theirs = listener;
    if (theirs == null) {
      throw new IllegalStateException("a stream without a listener");
    }
    return theirs;
  }
}
