package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.ReplyHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Reads the replies of one HTTP/1 connection, one request at a time: {@link #begin}, then {@link
 * #next} until it says {@link Event#END}.
 *
 * <p>Strict (hardening.md section 3): whatever two readers could frame differently is refused with
 * {@link MalformedReplyException}, and the outcome does not depend on how the bytes were split into
 * reads. Chunk extensions are dropped. Bytes that follow a complete reply are left in the buffer:
 * the caller must not reuse such a connection.
 *
 * <p>Owned by the connection's event loop. Holds bytes of its own only while a head is incomplete.
 */
public final class ReplyParser {
  /** Bytes of a reply head, unless {@code proxy-buffer-size} raises it; more is malformed. */
  public static final int MAX_HEAD = 64 * 1024;

  static final int MAX_FIELDS = 256;
  static final int MAX_INFORMATIONAL = 8;

  /** Bytes copied at a time: the body that follows a small head is not copied with it. */
  private static final int COPY = 2048;

  /** What {@link #next} found. */
  public enum Event {
    /** All bytes are used up. */
    MORE,
    /** A 1xx other than 101: see {@link #head}. */
    INFORMATIONAL,
    /** The final head: see {@link #head}. */
    HEAD,
    /** A piece of body: see {@link #takeBody}. */
    BODY,
    /** The reply is complete. */
    END
  }

  private enum State {
    IDLE,
    HEAD,
    COUNTED,
    CHUNKED,
    UNTIL_CLOSE,
    RAW,
    DONE
  }

  private final SpareHeads spares;
  private final ReplyHeadReader reader = new ReplyHeadReader();
  private final ChunkedReader chunks = new ChunkedReader();
  private State state = State.IDLE;
  private boolean headRequest;
  private boolean upgradeAsked;
  private boolean started;
  private boolean keepAlive;
  private long keepAliveSeconds = -1;
  private int informational;
  private int mostHead = MAX_HEAD;

  /** Bytes of the head that are in it, how many of them were looked at, and where the line is. */
  private int copied;

  private int scanned;
  private int lineStart;
  private int lines;
  private long left;
  private @Nullable Http1Reply head;
  private @Nullable Http1Reply filling;
  private ByteBuf source = Unpooled.EMPTY_BUFFER;
  private int bodyStart;
  private int bodyLength;

  /** A parser with heads of its own. */
  public ReplyParser() {
    this(new SpareHeads());
  }

  /** A parser that fills heads of its loop's store. */
  public ReplyParser(SpareHeads spares) {
    this.spares = spares;
  }

  /**
   * Expects the reply to a request that is about to be sent.
   *
   * @param headRequest whether the method is HEAD
   * @param upgradeAsked whether 101 is a possible answer
   */
  public void begin(boolean headRequest, boolean upgradeAsked) {
    begin(headRequest, upgradeAsked, MAX_HEAD);
  }

  /**
   * As {@link #begin(boolean, boolean)}.
   *
   * @param headLimit bytes of a reply head; less than {@link #MAX_HEAD} counts as that
   */
  public void begin(boolean headRequest, boolean upgradeAsked, int headLimit) {
    mostHead = Math.max(MAX_HEAD, headLimit);
    this.headRequest = headRequest;
    this.upgradeAsked = upgradeAsked;
    started = false;
    keepAlive = false;
    keepAliveSeconds = -1;
    informational = 0;
    head = null;
    expectHead();
  }

  /** Reads on. After {@link Event#MORE} {@code in} is empty; it is never kept. */
  public Event next(ByteBuf in) throws MalformedReplyException {
    started |= in.isReadable();
    return switch (state) {
      case IDLE -> throw new MalformedReplyException("bytes without a request");
      case HEAD -> in.isReadable() ? readHead(in) : Event.MORE;
      case COUNTED -> readCounted(in);
      case CHUNKED -> readChunked(in);
      case UNTIL_CLOSE, RAW -> in.isReadable() ? piece(in, in.readableBytes()) : Event.MORE;
      case DONE -> Event.END;
    };
  }

  /** The head that the last event spoke of. */
  public ReplyHead head() {
    var current = head;
    if (current == null) {
      throw new IllegalStateException("no reply head was read yet");
    }
    return current;
  }

  /**
   * The piece of body that the last event spoke of; its reference is the caller's. To be taken
   * before the buffer that it was found in is released.
   */
  public ByteBuf takeBody() {
    var in = source;
    source = Unpooled.EMPTY_BUFFER;
    var piece = in.retainedSlice(bodyStart, bodyLength);
    bodyStart = 0;
    bodyLength = 0;
    return piece;
  }

  /**
   * As {@link #takeBody} of a piece that was the last of the buffer: the buffer itself, which so is
   * not to be read any further. Saves a slice.
   */
  public ByteBuf takeBuffer() {
    var in = source;
    source = Unpooled.EMPTY_BUFFER;
    return in.retain().setIndex(bodyStart, bodyStart + bodyLength);
  }

  /** The fields that followed a body that is complete; null for none. Theirs who take them. */
  public @Nullable Fields takeTrailers() {
    return chunks.takeTrailers();
  }

  /** Whether the reply is complete. */
  public boolean complete() {
    return state == State.DONE;
  }

  /** Bytes that are held of a head, or of trailers, that isn't whole. */
  public int gathered() {
    return switch (state) {
      case HEAD -> copied;
      case CHUNKED -> chunks.gathered();
      case IDLE, COUNTED, UNTIL_CLOSE, RAW, DONE -> 0;
    };
  }

  /** Bytes of body that are still to come; 0 if that isn't known. */
  public long missing() {
    return state == State.COUNTED ? left : 0;
  }

  /** Whether any byte of the reply arrived. */
  public boolean started() {
    return started;
  }

  /** Whether a close is the proper end of what is being read. */
  public boolean endsAtClose() {
    return state == State.UNTIL_CLOSE || state == State.RAW;
  }

  /** Whether the connection became a raw stream of bytes by 101. */
  public boolean raw() {
    return state == State.RAW;
  }

  /** Whether the reply is complete and lets the connection carry another request. */
  public boolean reusable() {
    return state == State.DONE && keepAlive;
  }

  /** Seconds that the peer keeps an idle connection ({@code Keep-Alive: timeout}), or -1. */
  public long keepAliveSeconds() {
    return keepAliveSeconds;
  }

  private void expectHead() {
    state = State.HEAD;
    filling = null;
    copied = 0;
    scanned = 0;
    lineStart = 0;
    lines = 0;
    reader.clear();
  }

  private Event readHead(ByteBuf in) throws MalformedReplyException {
    var reply = filling;
    if (reply == null) {
      reply = spares.reply();
      reply.clear();
      filling = reply;
    }
    while (in.isReadable()) {
      if (copied == 0 && in.getByte(in.readerIndex()) != 'H') {
        throw new MalformedReplyException("reply does not begin with HTTP/");
      }
      int more = Math.min(in.readableBytes(), COPY);
      in.readBytes(reply.fields().bytes(copied + more), copied, more);
      copied += more;
      if (readLines(reply)) {
        // What follows the head is not ours.
        in.readerIndex(in.readerIndex() - (copied - scanned));
        return headRead(reply);
      }
    }
    return Event.MORE;
  }

  /** Whether the head is complete with its empty line; each line is read as soon as it is there. */
  private boolean readLines(Http1Reply reply) throws MalformedReplyException {
    var bytes = reply.fields().bytes();
    while (scanned < copied) {
      int at = ControlBytes.find(bytes, scanned, copied);
      scanned = at;
      if (at + 2 > mostHead) {
        throw new MalformedReplyException("reply head is larger than " + mostHead + " bytes");
      }
      if (at >= copied - 1 && (at == copied || bytes[at] == '\r')) {
        return false;
      }
      if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
        throw ReplyHeadReader.control(bytes[at]);
      }
      scanned = at + 2;
      if (lines == 0) {
        reader.readStatusLine(reply, at);
      } else if (at == lineStart) {
        return true;
      } else if (lines > MAX_FIELDS) {
        throw new MalformedReplyException("reply has more than " + MAX_FIELDS + " fields");
      } else {
        reader.readField(reply, lineStart, at);
      }
      lines++;
      lineStart = scanned;
    }
    return false;
  }

  private Event headRead(Http1Reply reply) throws MalformedReplyException {
    reader.complete(reply, headRequest);
    head = reply;
    filling = null;
    if (reader.status() == 101) {
      if (!upgradeAsked) {
        throw new MalformedReplyException("101 without a request to upgrade");
      }
      state = State.RAW;
      return Event.HEAD;
    }
    if (reader.status() < 200) {
      if (++informational > MAX_INFORMATIONAL) {
        throw new MalformedReplyException("more than " + MAX_INFORMATIONAL + " replies 1xx");
      }
      expectHead();
      return Event.INFORMATIONAL;
    }
    keepAlive = reader.keepAlive();
    keepAliveSeconds = reader.keepAliveSeconds();
    if (reader.bodyless(headRequest) || reader.contentLength() == 0) {
      state = State.DONE;
    } else if (reader.chunked()) {
      chunks.begin();
      state = State.CHUNKED;
    } else if (reader.contentLength() > 0) {
      left = reader.contentLength();
      state = State.COUNTED;
    } else {
      state = State.UNTIL_CLOSE;
    }
    return Event.HEAD;
  }

  private Event readCounted(ByteBuf in) {
    if (!in.isReadable()) {
      return Event.MORE;
    }
    int length = (int) Math.min(left, in.readableBytes());
    left -= length;
    if (left == 0) {
      state = State.DONE;
    }
    return piece(in, length);
  }

  private Event readChunked(ByteBuf in) throws MalformedReplyException {
    int length = chunks.next(in);
    if (length > 0) {
      return piece(in, length);
    }
    if (chunks.done()) {
      state = State.DONE;
      return Event.END;
    }
    return Event.MORE;
  }

  private Event piece(ByteBuf in, int length) {
    source = in;
    bodyStart = in.readerIndex();
    bodyLength = length;
    in.skipBytes(length);
    return Event.BODY;
  }
}
