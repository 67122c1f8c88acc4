package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.ReplyHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the replies of one HTTP/1 connection, one request at a time: {@link #begin}, then {@link
 * #next} until it says {@link Event#END}.
 *
 * <p>Strict (hardening.md section 3): whatever two readers could frame differently is refused with
 * {@link MalformedReplyException}, and the outcome does not depend on how the bytes were split into
 * reads. Chunk extensions and trailers are dropped. Bytes that follow a complete reply are left in
 * the buffer: the caller must not reuse such a connection.
 *
 * <p>Owned by the connection's event loop. Holds bytes of its own only while a head is incomplete.
 */
public final class ReplyParser {
  /** Bytes of a reply head, {@code proxy-buffer-size}'s ceiling; more is malformed. */
  public static final int MAX_HEAD = 64 * 1024;

  static final int MAX_FIELDS = 256;
  static final int MAX_INFORMATIONAL = 8;
  private static final byte[] NOTHING = new byte[0];

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

  private final ChunkedReader chunks = new ChunkedReader();
  private State state = State.IDLE;
  private boolean headRequest;
  private boolean upgradeAsked;
  private boolean started;
  private boolean keepAlive;
  private long keepAliveSeconds = -1;
  private int informational;
  private byte[] partial = NOTHING;
  private int partialLength;
  private int lastLf;
  private int lines;
  private long left;
  private @Nullable ReplyHead head;
  private ByteBuf body = Unpooled.EMPTY_BUFFER;

  /**
   * Expects the reply to a request that is about to be sent.
   *
   * @param headRequest whether the method is HEAD
   * @param upgradeAsked whether 101 is a possible answer
   */
  public void begin(boolean headRequest, boolean upgradeAsked) {
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

  /** The piece of body that the last event spoke of; its reference is the caller's. */
  public ByteBuf takeBody() {
    var piece = body;
    body = Unpooled.EMPTY_BUFFER;
    return piece;
  }

  /** Whether the reply is complete. */
  public boolean complete() {
    return state == State.DONE;
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
    partial = NOTHING;
    partialLength = 0;
    lastLf = -3;
    lines = 0;
  }

  private Event readHead(ByteBuf in) throws MalformedReplyException {
    if (partialLength == 0 && in.getByte(in.readerIndex()) != 'H') {
      throw new MalformedReplyException("reply does not begin with HTTP/");
    }
    int rest = endOfHead(in);
    int take = rest < 0 ? in.readableBytes() : rest;
    if (partialLength + take > MAX_HEAD || (rest < 0 && partialLength + take == MAX_HEAD)) {
      throw new MalformedReplyException("reply head is larger than " + MAX_HEAD + " bytes");
    }
    int length = partialLength + take;
    if (rest >= 0 || partial.length < length) {
      partial = Arrays.copyOf(partial, rest >= 0 ? length : Math.max(length, partial.length * 2));
    }
    in.readBytes(partial, partialLength, take);
    partialLength = length;
    return rest < 0 ? Event.MORE : headRead();
  }

  /** How many bytes of {@code in} complete the head; -1 if it goes on. */
  private int endOfHead(ByteBuf in) throws MalformedReplyException {
    int base = in.readerIndex();
    int from = base;
    while (true) {
      int lf = in.indexOf(from, in.writerIndex(), (byte) '\n');
      if (lf < 0) {
        return -1;
      }
      int before = lf > base ? in.getByte(lf - 1) : partial[partialLength - 1];
      if (before != '\r') {
        throw new MalformedReplyException("line of the reply head ends without CR");
      }
      int at = partialLength + lf - base;
      lines++;
      if (at - 2 == lastLf) {
        return lf - base + 1;
      }
      if (lines > MAX_FIELDS + 1) {
        throw new MalformedReplyException("reply has more than " + MAX_FIELDS + " fields");
      }
      lastLf = at;
      from = lf + 1;
    }
  }

  private Event headRead() throws MalformedReplyException {
    var reader = new ReplyHeadReader(partial, lines);
    partial = NOTHING;
    reader.read();
    head = reader.reply(headRequest);
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
    body = in.readRetainedSlice(length);
    return Event.BODY;
  }
}
