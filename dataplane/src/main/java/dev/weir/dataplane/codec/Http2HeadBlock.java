package dev.weir.dataplane.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks blocks of fields (RFC 7541): Netty's decoder, whose fields go one by one to who takes
 * them and are gathered nowhere. Limits are the taker's: what it doesn't want it leaves, but every
 * block is unpacked to its end, because the table of fields goes on from there.
 *
 * <p>One for each connection; owned by its event loop.
 */
final class Http2HeadBlock {
  private static final long ANY_SIZE = 0xffffffffL;

  /** The first three bits of a change of the table's size (RFC 7541 6.3). */
  private static final int RESIZE_BITS = 0xe0;

  private static final int RESIZE = 0x20;

  /** The low bits of a number that goes on in further bytes (RFC 7541 5.1). */
  private static final int PREFIX = 0x1f;

  /** What the table of fields may hold (RFC 7541 4.1, and 6.5.2 of RFC 9113: it isn't changed). */
  static final int TABLE_SIZE = 4096;

  /**
   * Fields, and bytes of them, that no head has: what comes to so many is unpacked no further. Ten
   * and eight times what is accepted.
   */
  private static final int MOST_FIELDS = 1000;

  private static final int MOST_BYTES = 256 * 1024;

  private final Decoder decoder = new Decoder();
  private @Nullable Taker taker;
  private @Nullable ByteBuf block;
  private boolean lateResize;
  private int fields;
  private int bytes;

  /** Takes fields in order; what it is given doesn't change later. */
  interface Taker {
    void field(AsciiString name, AsciiString value);
  }

  /**
   * Unpacks a block.
   *
   * @param to null for nobody
   * @throws BombException if it unpacks to more than any head has
   */
  void read(ByteBuf in, @Nullable Taker to) throws Http2Fault {
    taker = to;
    block = in;
    lateResize = false;
    fields = 0;
    bytes = 0;
    try {
      var _ = decoder.decodeHeaders(0, in);
    } catch (Http2Exception e) {
      if (e.getCause() instanceof BombException bomb) {
        throw bomb;
      }
      throw new Http2Fault(e.error(), String.valueOf(e.getMessage()));
    } finally {
      taker = null;
      block = null;
    }
    if (lateResize) {
      throw new Http2Fault(
          Http2Error.COMPRESSION_ERROR, "the table of fields is resized after a field");
    }
  }

  /** With how many changes of the table's size a block begins. */
  static int resizes(ByteBuf in) {
    int count = 0;
    int at = in.readerIndex();
    while (at < in.writerIndex() && (in.getByte(at) & RESIZE_BITS) == RESIZE) {
      count++;
      boolean goesOn = (in.getByte(at++) & PREFIX) == PREFIX;
      while (goesOn && at < in.writerIndex()) {
        goesOn = in.getByte(at++) < 0;
      }
    }
    return count;
  }

  private void take(CharSequence name, CharSequence value) {
    var in = block;
    if (in == null) {
      return;
    }
    // The decoder stands right behind the field. RFC 7541 4.2: a change of size comes first.
    lateResize |= in.isReadable() && (in.getByte(in.readerIndex()) & RESIZE_BITS) == RESIZE;
    bytes += name.length() + value.length();
    if (++fields > MOST_FIELDS || bytes > MOST_BYTES) {
      throw new BombException();
    }
    var to = taker;
    if (to != null) {
      to.field(AsciiString.of(name), AsciiString.of(value));
    }
  }

  private final class Decoder extends DefaultHttp2HeadersDecoder {
    private final Http2Headers fields = new Passing();

    Decoder() {
      super(false, ANY_SIZE);
    }

    @Override
    protected Http2Headers newHeaders() {
      return fields;
    }
  }

  /** In the place of a collection. */
  private final class Passing extends DefaultHttp2Headers {
    Passing() {
      super(false, 2);
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
      take(name, value);
      return this;
    }
  }

  /** Ends the unpacking of a block, and with it the connection. */
  static final class BombException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BombException() {
      super("bomb", null, false, false);
    }
  }
}
