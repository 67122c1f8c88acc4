package dev.weir.testsupport.http2;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.ArrayList;
import java.util.List;

/** Unpacks the blocks of fields of one side of a connection, one after the other. */
public final class FieldReader {
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);

  /** One field. */
  public record Field(String name, String value) {
    @Override
    public String toString() {
      return name + ": " + value;
    }
  }

  /**
   * Unpacks a block.
   *
   * @throws IllegalArgumentException if it is malformed
   */
  public List<Field> read(byte[] block) {
    var in = Unpooled.wrappedBuffer(block);
    try {
      var fields = new ArrayList<Field>();
      for (var field : decoder.decodeHeaders(0, in)) {
        fields.add(new Field(field.getKey().toString(), field.getValue().toString()));
      }
      return fields;
    } catch (Http2Exception e) {
      throw new IllegalArgumentException("no block of fields", e);
    } finally {
      in.release();
    }
  }
}
