package dev.weir.e2e.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A chunked body; trailers are read and dropped. */
final class ChunkedStream extends InputStream {
  private final InputStream in;
  private long left;
  private boolean begun;
  private boolean ended;

  ChunkedStream(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (left == 0 && !ended) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int count = in.read(target, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new EOFException("closed inside a chunk");
    }
    left -= count;
    return count;
  }

  private void nextChunk() throws IOException {
    if (begun && !line().isEmpty()) {
      throw new IOException("no line end after a chunk");
    }
    begun = true;
    left = Long.parseLong(line().split(";", 2)[0].strip(), 16);
    if (left == 0) {
      ended = true;
      while (!line().isEmpty()) {
        // Trailers.
      }
    }
  }

  private String line() throws IOException {
    var text = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("closed inside a chunked body");
      }
      text.append((char) next);
    }
    if (text.isEmpty() || text.charAt(text.length() - 1) != '\r') {
      throw new IOException("line without carriage return: " + text);
    }
    text.setLength(text.length() - 1);
    return text.toString();
  }
}
