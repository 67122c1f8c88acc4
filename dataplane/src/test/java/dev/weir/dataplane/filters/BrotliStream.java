package dev.weir.dataplane.filters;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Undoes brotli as far as the bytes that came allow, as browsers do. */
public final class BrotliStream extends InputStream {
  private final InputStream in;
  private final DecoderJNI.Wrapper decoder = new DecoderJNI.Wrapper(1);
  private ByteBuffer out = ByteBuffer.allocate(0);

  public BrotliStream(InputStream in) throws IOException {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    while (!out.hasRemaining()) {
      if (decoder.hasOutput()) {
        out = decoder.pull();
        continue;
      }
      switch (decoder.getStatus()) {
        case DONE -> {
          return -1;
        }
        case ERROR -> throw new IOException("no brotli");
        case OK, NEEDS_MORE_OUTPUT -> decoder.push(0);
        case NEEDS_MORE_INPUT -> pushNext();
      }
    }
    return out.get() & 0xff;
  }

  /** At least one byte, and no more than are there. */
  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    int first = length == 0 ? 0 : read();
    if (length == 0 || first < 0) {
      return first;
    }
    to[offset] = (byte) first;
    int more = Math.min(length - 1, out.remaining());
    out.get(to, offset + 1, more);
    return 1 + more;
  }

  private void pushNext() throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new EOFException("brotli breaks off");
    }
    decoder.getInputBuffer().clear().put((byte) next);
    decoder.push(1);
  }

  @Override
  public void close() throws IOException {
    decoder.destroy();
    in.close();
  }
}
