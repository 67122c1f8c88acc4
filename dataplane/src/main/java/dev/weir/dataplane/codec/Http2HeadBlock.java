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

  private final Decoder decoder = new Decoder();
  private @Nullable Taker taker;
  private @Nullable ByteBuf block;
  private boolean lateResize;

  /** Takes fields in order; what it is given doesn't change later. */
  interface Taker {
    void field(AsciiString name, AsciiString value);
  }

  /**
   * Unpacks a block.
   *
   * @param to null for nobody
   */
  void read(ByteBuf in, @Nullable Taker to) throws Http2Fault {
    taker = to;
    block = in;
    lateResize = false;
    try {
      var _ = decoder.decodeHeaders(0, in);
    } catch (Http2Exception e) {
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

  /** Whether a block begins with a change of the table's size. */
  static boolean resizes(ByteBuf in) {
    return in.isReadable() && (in.getByte(in.readerIndex()) & RESIZE_BITS) == RESIZE;
  }

  private void take(CharSequence name, CharSequence value) {
    var in = block;
    if (in == null) {
      return;
    }
    // The decoder stands right behind the field. RFC 7541 4.2: a change of size comes first.
    lateResize |= resizes(in);
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
}
