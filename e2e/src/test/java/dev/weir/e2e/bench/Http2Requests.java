package dev.weir.e2e.bench;

import dev.weir.testsupport.http2.FieldBlock;
import dev.weir.testsupport.http2.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.io.IOException;

/** The requests and replies of one connection of {@link Http2Load}. Owned by its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the connection, which is seen
final class Http2Requests {
  /** Bytes after which the peer is granted as many again. */
  private static final int GRANT_AT = 1 << 29;

  /** More than are ever in flight, so that numbers of streams find their place in turns. */
  private static final int PLACES = 1 << 10;

  private static final int USUAL_WINDOW = 65_535;

  /** {@code :status: 200} of the static table. */
  private static final int OK = 0x88;

  /** The first bits of a change of the table's size, which may stand before it. */
  private static final int RESIZE_BITS = 0xe0;

  private static final int RESIZE = 0x20;
  private static final int METHOD_GET = 2;
  private static final int SCHEME_HTTPS = 7;
  private static final int PATH_ROOT = 4;
  private static final int NEWEST = 62;

  /** Told of each reply that is complete. */
  interface Listener {
    /**
     * A reply is complete.
     *
     * @param dueAt what {@link #send} was told
     */
    void answered(Http2Requests connection, long dueAt);
  }

  private final Channel channel;
  private final Scenario scenario;
  private final Listener listener;
  private final long[] dueAt = new long[PLACES];
  private final byte[] again;
  private int nextStream = 1;
  private int ungranted;
  private long bodyBytes;
  private final byte[] head = new byte[Frame.HEAD];
  private int headRead;
  private int type;
  private int flags;
  private int stream;
  private int left;
  private int code;
  private boolean statusSeen;

  Http2Requests(Channel channel, Scenario scenario, Listener listener) {
    this.channel = channel;
    this.scenario = scenario;
    this.listener = listener;
    var known = new FieldBlock().indexed(METHOD_GET).indexed(SCHEME_HTTPS);
    again =
        isRoot()
            ? known.indexed(NEWEST).indexed(PATH_ROOT).bytes()
            : known.indexed(NEWEST + 1).indexed(NEWEST).bytes();
  }

  Channel channel() {
    return channel;
  }

  private boolean isRoot() {
    return scenario.path().equals("/");
  }

  /** Sends what a connection begins with: windows that never stand in the way. */
  void open() {
    write(Frame.preface());
    write(Frame.settings(Frame.INITIAL_WINDOW_SIZE, Integer.MAX_VALUE).bytes());
    write(Frame.windowUpdate(0, Integer.MAX_VALUE - USUAL_WINDOW).bytes());
  }

  private void write(byte[] bytes) {
    channel.write(Unpooled.wrappedBuffer(bytes), channel.voidPromise());
  }

  /** Writes a request, and doesn't flush. */
  void send(long due) {
    byte[] block = nextStream == 1 ? first() : again;
    dueAt[(nextStream >> 1) & (PLACES - 1)] = due;
    var out = channel.alloc().directBuffer(Frame.HEAD + block.length);
    out.writeInt(block.length << 8 | Frame.HEADERS);
    out.writeByte(Frame.END_STREAM | Frame.END_HEADERS);
    out.writeInt(nextStream);
    out.writeBytes(block);
    nextStream += 2;
    channel.write(out, channel.voidPromise());
  }

  /** The peer keeps what later requests repeat. */
  private byte[] first() {
    var block = new FieldBlock().indexed(METHOD_GET).indexed(SCHEME_HTTPS);
    block.kept(":authority", scenario.host());
    return (isRoot() ? block.indexed(PATH_ROOT) : block.kept(":path", scenario.path())).bytes();
  }

  /** Bytes of bodies so far. */
  long bodyBytes() {
    return bodyBytes;
  }

  /**
   * Takes what came.
   *
   * @throws IOException if something isn't answered with 200
   */
  void read(ByteBuf in) throws IOException {
    while (in.isReadable()) {
      if (headRead < Frame.HEAD) {
        head[headRead++] = in.readByte();
        if (headRead == Frame.HEAD) {
          begin();
        }
        if (headRead < Frame.HEAD || left > 0) {
          continue;
        }
      } else {
        int size = Math.min(left, in.readableBytes());
        bodyBytes += type == Frame.DATA ? size : 0;
        look(in);
        lookForCode(in, size);
        in.skipBytes(size);
        left -= size;
        if (left > 0) {
          return;
        }
      }
      headRead = 0;
      end();
    }
  }

  private void begin() {
    left = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
    type = head[3];
    flags = head[4];
    stream =
        ((head[5] & 0x7f) << 24)
            | ((head[6] & 0xff) << 16)
            | ((head[7] & 0xff) << 8)
            | (head[8] & 0xff);
    statusSeen = type != Frame.HEADERS;
  }

  /** The first bytes of a reply's head: whether it is 200. */
  private void look(ByteBuf in) throws IOException {
    if (statusSeen) {
      return;
    }
    int at = in.readerIndex();
    while (at < in.writerIndex() && (in.getByte(at) & RESIZE_BITS) == RESIZE) {
      at++;
    }
    if (at < in.writerIndex()) {
      if (in.getUnsignedByte(at) != OK) {
        throw new IOException("not answered with 200");
      }
      statusSeen = true;
    }
  }

  /** Why a stream or the connection ends, if that came in one piece. */
  private void lookForCode(ByteBuf in, int size) {
    int at = type == Frame.RST_STREAM ? 0 : 4;
    if ((type == Frame.RST_STREAM || type == Frame.GOAWAY) && size >= at + 4) {
      code = in.getInt(in.readerIndex() + at);
    }
  }

  private void end() throws IOException {
    switch (type) {
      case Frame.DATA, Frame.HEADERS -> {
        grant();
        if ((flags & Frame.END_STREAM) != 0) {
          listener.answered(this, dueAt[(stream >> 1) & (PLACES - 1)]);
        }
      }
      case Frame.SETTINGS -> {
        if ((flags & Frame.ACK) == 0) {
          write(Frame.settingsAck().bytes());
        }
      }
      case Frame.RST_STREAM, Frame.GOAWAY ->
          throw new IOException("a request is not answered: type " + type + ", code " + code);
      default -> {
        // Windows for bodies that are never sent; PING is not used by any of these proxies.
      }
    }
  }

  private void grant() {
    ungranted += (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
    if (ungranted >= GRANT_AT) {
      write(Frame.windowUpdate(0, ungranted).bytes());
      ungranted = 0;
    }
  }
}
