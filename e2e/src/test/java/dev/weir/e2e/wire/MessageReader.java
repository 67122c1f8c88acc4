package dev.weir.e2e.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads HTTP/1 messages from a stream, strictly enough that a wrong one fails a test. */
public final class MessageReader {
  private static final int LONGEST_HEAD = 1 << 20;

  private final InputStream in;

  public MessageReader(InputStream in) {
    this.in = new BufferedInputStream(in, 16_384);
  }

  /** The next head; null if the peer closed before its first byte. */
  public @Nullable Head head() throws IOException {
    var bytes = new ByteArrayOutputStream(512);
    int seen = 0;
    while (seen < 4) {
      int next = in.read();
      if (next < 0) {
        if (bytes.size() == 0) {
          return null;
        }
        throw new EOFException(
            "closed inside a head: " + bytes.toString(StandardCharsets.ISO_8859_1));
      }
      bytes.write(next);
      if (bytes.size() > LONGEST_HEAD) {
        throw new IOException("endless head");
      }
      boolean expected = next == (seen % 2 == 0 ? '\r' : '\n');
      seen = expected ? seen + 1 : next == '\r' ? 1 : 0;
    }
    return Head.parse(bytes.toString(StandardCharsets.ISO_8859_1));
  }

  /** The body of a request. */
  public InputStream requestBody(Head head) {
    if (head.isChunked()) {
      return new ChunkedStream(in);
    }
    var length = head.field("content-length");
    return new FixedStream(in, length == null ? 0 : Long.parseLong(length));
  }

  /** The body of a reply to a request of that method. */
  public InputStream replyBody(String method, Head head) {
    int status = head.status();
    if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
      return InputStream.nullInputStream();
    }
    if (head.isChunked()) {
      return new ChunkedStream(in);
    }
    var length = head.field("content-length");
    return length == null ? in : new FixedStream(in, Long.parseLong(length));
  }

  /** The next byte, whatever it belongs to; -1 at the end. */
  public int read() throws IOException {
    return in.read();
  }

  /** So many bytes, whatever they belong to. */
  public byte[] bytes(int count) throws IOException {
    var bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("closed after " + bytes.length + " of " + count + " bytes");
    }
    return bytes;
  }
}
