package dev.weir.dataplane.codec;

import dev.weir.dataplane.codec.Http1ReplyWriter.Framing;
import dev.weir.dataplane.codec.Http1ReplyWriter.Persistence;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.HttpVersion;
import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The request in progress on an {@link Http1ServerConnection}; one object for one request after the
 * other, because no two overlap: only its exchange calls it, and an exchange that is over calls
 * nothing any more. The next request is begun from the connection's own run and never from inside
 * of a call of the exchange before. Owned by its event loop.
 */
final class Http1ServerStream implements ServerStream {
  private static final ByteBuf CONTINUE = constant("HTTP/1.1 100 Continue\r\n\r\n");
  private static final ByteBuf CRLF = constant("\r\n");
  private static final ByteBuf LAST_CHUNK = constant("0\r\n\r\n");

  /** Up to this size a chunk is copied between its size and its end instead of sent in three. */
  private static final int COPY_BELOW = 1024;

  private static final int HEAD_ESTIMATE = 512;
  private static final String HEAD = "HEAD ";

  /** What is added to a received head: framing, persistence, a few fields. */
  private static final int HEAD_ADDED = 192;

  private final Http1ServerConnection connection;
  private @Nullable RequestHead head;
  private boolean asksForHead;
  private boolean keepAliveWanted;
  private @Nullable ServerStreamListener listener;
  private Framing framing = Framing.NONE;
  private boolean awaitsContinue;
  private boolean closeAfter;
  private boolean headSent;
  private boolean raw;
  private boolean ended;
  private long lengthLeft;
  private long received;
  private long sent;
  private long headSentBytes;
  private int headHeld;

  Http1ServerStream(Http1ServerConnection connection) {
    this.connection = connection;
  }

  /**
   * Stands for the next request.
   *
   * @param newHead null for what is no request and is answered nevertheless
   * @param headLength bytes of the head as received
   */
  void reset(@Nullable RequestHead newHead, boolean newKeepAliveWanted, int headLength) {
    head = newHead;
    asksForHead = newHead != null && newHead.method().equals("HEAD");
    keepAliveWanted = newKeepAliveWanted;
    listener = null;
    framing = Framing.NONE;
    awaitsContinue = newHead != null && newHead.expectsContinue() && newHead.bodyLength() != 0;
    closeAfter = false;
    headSent = false;
    raw = false;
    ended = false;
    lengthLeft = 0;
    received = headLength;
    headHeld = headLength;
    connection.counts().account().hold(headLength);
    sent = 0;
    headSentBytes = 0;
  }

  /**
   * Stands for what is no request.
   *
   * @param line what came of its first line: also an answer to a malformed HEAD has no body
   */
  void refuse(CharSequence line) {
    reset(null, false, 0);
    asksForHead = AsciiString.regionMatches(line, false, 0, HEAD, 0, HEAD.length());
  }

  /** The request is over, and counted: an idle connection holds on to nothing of it. */
  void forget() {
    connection.counts().account().release(headHeld);
    headHeld = 0;
    head = null;
    listener = null;
  }

  void begin(ServerStreamListener newListener) {
    listener = newListener;
  }

  boolean ended() {
    return ended;
  }

  boolean awaitsContinue() {
    return awaitsContinue;
  }

  // From the connection.

  void onBody(ByteBuf data, boolean end) {
    received += data.readableBytes();
    var current = listener;
    if (current == null || ended) {
      data.release();
    } else {
      current.onBody(data, end);
    }
  }

  void onWritable() {
    var current = listener;
    if (current != null && !ended) {
      current.onWritable();
    }
  }

  void onBodyRefused(Refusal refusal) {
    var current = listener;
    if (current != null && !ended) {
      current.onBodyRefused(refusal);
    }
  }

  void onGone() {
    var current = listener;
    if (current != null && !ended) {
      ended = true;
      current.onReset();
    }
  }

  // From the exchange.

  @Override
  public Downstream downstream() {
    return connection.downstream();
  }

  @Override
  public void sendInformational(ReplyHead informational) {
    if (ended || headSent || isHttp10()) {
      return;
    }
    var out = buffer(HEAD_ESTIMATE);
    connection
        .replyWriter()
        .write(out, informational, new HeadEdits(), Framing.NONE, Persistence.SILENT);
    write(out);
  }

  @Override
  public void sendHead(ReplyHead reply, HeadEdits edits, boolean end) {
    if (ended || headSent) {
      return;
    }
    headSent = true;
    raw = reply.status() == 101;
    framing = framingOf(reply);
    lengthLeft = framing == Framing.LENGTH ? reply.bodyLength() : 0;
    boolean keep =
        connection.decideKeepAlive(
            keepAliveWanted
                && !closeAfter
                && framing != Framing.UNTIL_CLOSE
                && !raw
                && !upgradeDeclined());
    var persistence = Persistence.SILENT;
    if (raw) {
      persistence = Persistence.UPGRADE;
    } else if (!keep) {
      persistence = Persistence.CLOSE;
    } else if (isHttp10()) {
      persistence = Persistence.KEEP_ALIVE;
    }
    var out = buffer(estimate(reply) + bodyRoom(end));
    try {
      connection.replyWriter().write(out, reply, edits, framing, persistence);
    } catch (RuntimeException e) {
      out.release();
      // Another reply may be sent in its place.
      headSent = false;
      raw = false;
      throw e;
    }
    sent += out.readableBytes();
    connection.output().open(out);
    headSentBytes = sent;
    if (raw) {
      connection.goRaw();
    }
    if (end) {
      finish();
    }
  }

  private static int estimate(ReplyHead reply) {
    return reply.fields() instanceof ByteFields fields && fields.size() > 0
        ? fields.valueEnd(fields.size() - 1) + HEAD_ADDED
        : HEAD_ESTIMATE;
  }

  /** Where a body is to follow, room for it if it is small. */
  private int bodyRoom(boolean end) {
    if (end || raw || framing == Framing.NONE || framing == Framing.AS_RECEIVED) {
      return 0;
    }
    return framing == Framing.LENGTH && lengthLeft > COPY_BELOW ? 0 : COPY_BELOW;
  }

  /**
   * Whether the client asked for another protocol in vain: bytes of that protocol may be on their
   * way, or there already, and must not be read as requests.
   */
  private boolean upgradeDeclined() {
    var request = head;
    return request != null && !request.upgrade().isEmpty();
  }

  private Framing framingOf(ReplyHead reply) {
    if (reply.status() < 200 || reply.status() == 204) {
      return Framing.NONE;
    }
    if (reply.status() == 304 || asksForHead) {
      return Framing.AS_RECEIVED;
    }
    if (reply.bodyLength() != RequestHead.UNKNOWN_LENGTH) {
      return Framing.LENGTH;
    }
    return isHttp10() ? Framing.UNTIL_CLOSE : Framing.CHUNKED;
  }

  @Override
  public void sendBody(ByteBuf data, boolean end) {
    if (ended || !headSent) {
      data.release();
      return;
    }
    int size = data.readableBytes();
    if (raw || framing == Framing.UNTIL_CLOSE) {
      writeOrRelease(data, size);
    } else if (framing == Framing.CHUNKED) {
      writeChunk(data, size);
    } else if (framing == Framing.LENGTH) {
      lengthLeft -= size;
      if (lengthLeft < 0 || (end && lengthLeft > 0)) {
        // Fewer or more bytes than announced: only a broken connection says so.
        data.release();
        reset();
        return;
      }
      writeOrRelease(data, size);
    } else {
      data.release();
    }
    if (end) {
      finish();
    }
  }

  private void writeOrRelease(ByteBuf data, int size) {
    if (size == 0) {
      data.release();
    } else {
      write(data);
    }
  }

  private void writeChunk(ByteBuf data, int size) {
    if (size == 0) {
      data.release();
      return;
    }
    if (size <= COPY_BELOW) {
      var out = buffer(size + 16);
      ByteBufUtil.writeAscii(out, Integer.toHexString(size));
      out.writeByte('\r').writeByte('\n').writeBytes(data).writeByte('\r').writeByte('\n');
      data.release();
      write(out);
      return;
    }
    var prefix = buffer(16);
    ByteBufUtil.writeAscii(prefix, Integer.toHexString(size));
    prefix.writeByte('\r').writeByte('\n');
    write(prefix);
    write(data);
    write(CRLF.duplicate());
  }

  private void finish() {
    if (framing == Framing.CHUNKED) {
      write(LAST_CHUNK.duplicate());
    }
    ended = true;
    connection.onReplyEnd();
  }

  @Override
  public boolean writable() {
    return connection.output().writable();
  }

  @Override
  public int room(boolean part) {
    int room = connection.counts().account().replyRoom();
    return Math.clamp(room, ByteAccount.LEAST_READ, ByteAccount.MOST_READ);
  }

  @Override
  public ReplyParts parts() {
    return connection.counts().account();
  }

  @Override
  public boolean hold(int bytes) {
    return connection.counts().account().tryHold(bytes);
  }

  @Override
  public void letGo(int bytes) {
    connection.counts().account().release(bytes);
  }

  @Override
  public void keeps(int bytes) {
    connection.counts().account().keep(bytes);
  }

  @Override
  public void holdsHead(int bytes) {
    connection.counts().account().heads(bytes);
  }

  @Override
  public void read() {
    if (ended) {
      return;
    }
    if (awaitsContinue && !headSent) {
      awaitsContinue = false;
      if (connection.nothingReceived()) {
        write(CONTINUE.duplicate());
      }
    }
    connection.wantBody();
  }

  @Override
  public void closeAfterReply() {
    closeAfter = true;
  }

  @Override
  public void reset() {
    if (!ended) {
      ended = true;
      if (headSent) {
        // Nothing at all would look as if the request had not been served.
        connection.output().flush();
      }
      connection.close();
    }
  }

  @Override
  public long bytesReceived() {
    return received;
  }

  @Override
  public long bytesSent() {
    return sent;
  }

  @Override
  public long headBytesSent() {
    return headSentBytes;
  }

  @Override
  public long connectionNumber() {
    return connection.counts().number();
  }

  @Override
  public int connectionRequests() {
    return connection.counts().requests();
  }

  private boolean isHttp10() {
    var request = head;
    return request != null && request.version() == HttpVersion.HTTP_1_0;
  }

  private ByteBuf buffer(int size) {
    return connection.output().buffer(size);
  }

  private void write(ByteBuf data) {
    sent += data.readableBytes();
    connection.output().write(data);
  }

  private static ByteBuf constant(String text) {
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    return Unpooled.unreleasableBuffer(
        Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly());
  }
}
