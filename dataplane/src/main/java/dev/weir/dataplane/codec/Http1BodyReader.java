package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.http.Tokens;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Takes the body of a request from a connection's bytes: counted or chunked (RFC 9112 6 and 7).
 * Chunk extensions and trailers are checked and dropped. One for each connection; owned by its
 * event loop.
 */
final class Http1BodyReader {
  /**
   * Smaller chunks are gathered, so that a flood of tiny ones does not become a flood of buffers.
   */
  private static final int GATHER_BELOW = 4096;

  private static final int MAX_PIECE = 64 * 1024;
  private static final int MAX_LINE = 4096;
  private static final int MAX_TRAILERS = 16 * 1024;
  private static final int MAX_SIZE_DIGITS = 15;

  private enum Part {
    COUNTED,
    SIZE_LINE,
    CHUNK,
    CHUNK_END,
    TRAILERS,
    DONE
  }

  private Part part = Part.DONE;
  private long left;
  private int trailerBytes;
  private @Nullable Refusal refusal;

  /** Begins a body. */
  void start(long bodyLength) {
    refusal = null;
    trailerBytes = 0;
    left = bodyLength;
    if (bodyLength == RequestHead.UNKNOWN_LENGTH) {
      part = Part.SIZE_LINE;
    } else {
      part = bodyLength == 0 ? Part.DONE : Part.COUNTED;
    }
  }

  /** Whether the whole body was taken. */
  boolean done() {
    return part == Part.DONE;
  }

  /** Whether more than {@code bytes} are announced and still to come. */
  boolean moreThan(long bytes) {
    return part == Part.COUNTED && left > bytes;
  }

  /** Why there is no further body; null if bytes are just missing. */
  @Nullable Refusal refusal() {
    return refusal;
  }

  /** Takes the next piece; null if there is none yet. An empty piece comes only with the end. */
  @Nullable ByteBuf read(ByteBuf in, ServerOutput output) {
    if (part == Part.COUNTED) {
      return readCounted(in);
    }
    ByteBuf gathered = null;
    while (part != Part.DONE && refusal == null) {
      if (part != Part.CHUNK) {
        if (!readLine(in)) {
          break;
        }
        continue;
      }
      int size = (int) Math.min(Math.min(left, in.readableBytes()), MAX_PIECE);
      if (size == 0) {
        break;
      }
      if (gathered == null && size >= GATHER_BELOW) {
        takeChunk(size);
        return in.readRetainedSlice(size);
      }
      if (gathered != null && gathered.readableBytes() + size > MAX_PIECE) {
        return gathered;
      }
      gathered = gathered == null ? output.buffer(GATHER_BELOW) : gathered;
      takeChunk(size);
      gathered.writeBytes(in, size);
    }
    if (refusal != null && gathered != null) {
      gathered.release();
      return null;
    }
    return gathered == null && part == Part.DONE && refusal == null
        ? Unpooled.EMPTY_BUFFER
        : gathered;
  }

  private @Nullable ByteBuf readCounted(ByteBuf in) {
    int size = (int) Math.min(left, in.readableBytes());
    if (size == 0) {
      return null;
    }
    left -= size;
    if (left == 0) {
      part = Part.DONE;
    }
    return in.readRetainedSlice(size);
  }

  private void takeChunk(int size) {
    left -= size;
    if (left == 0) {
      part = Part.CHUNK_END;
    }
  }

  /** Reads a size line, the end of a chunk or a trailer line; false if it isn't all there. */
  private boolean readLine(ByteBuf in) {
    int start = in.readerIndex();
    if (part == Part.CHUNK_END) {
      return readChunkEnd(in, start);
    }
    int lf = in.indexOf(start, in.writerIndex(), (byte) '\n');
    int length = (lf < 0 ? in.writerIndex() : lf) - start;
    if (length > MAX_LINE) {
      refuse("line in a chunked body longer than " + MAX_LINE + " bytes");
      return false;
    }
    if (lf < 0) {
      return false;
    }
    if (length == 0 || in.getByte(lf - 1) != '\r') {
      refuse("line in a chunked body does not end in CRLF");
      return false;
    }
    if (part == Part.SIZE_LINE) {
      readSize(in, start, lf - 1);
    } else {
      readTrailer(in, start, lf - 1);
    }
    in.readerIndex(lf + 1);
    return refusal == null;
  }

  private boolean readChunkEnd(ByteBuf in, int start) {
    if ((in.readableBytes() >= 1 && in.getByte(start) != '\r')
        || (in.readableBytes() >= 2 && in.getByte(start + 1) != '\n')) {
      refuse("chunk is longer than its size");
      return false;
    }
    if (in.readableBytes() < 2) {
      return false;
    }
    in.skipBytes(2);
    part = Part.SIZE_LINE;
    return true;
  }

  private void readSize(ByteBuf in, int start, int end) {
    long size = 0;
    int at = start;
    for (; at < end; at++) {
      int digit = Character.digit(in.getByte(at), 16);
      if (digit < 0) {
        break;
      }
      size = size * 16 + digit;
      if (at - start >= MAX_SIZE_DIGITS) {
        refuse("chunk size has too many digits");
        return;
      }
    }
    if (at == start || (at < end && !isExtension(in, at, end))) {
      refuse("chunk size is not a hexadecimal number");
      return;
    }
    left = size;
    part = size == 0 ? Part.TRAILERS : Part.CHUNK;
  }

  /** {@code *( ";" name [ "=" token ] )}; quoted values are refused: readers disagree on them. */
  private static boolean isExtension(ByteBuf in, int from, int end) {
    int at = from;
    while (at < end) {
      if (in.getByte(at++) != ';') {
        return false;
      }
      int name = at;
      at = skipToken(in, at, end);
      if (at == name) {
        return false;
      }
      if (at < end && in.getByte(at) == '=') {
        int value = ++at;
        at = skipToken(in, at, end);
        if (at == value) {
          return false;
        }
      }
    }
    return true;
  }

  private static int skipToken(ByteBuf in, int from, int end) {
    int at = from;
    while (at < end && Tokens.isTokenByte(in.getByte(at))) {
      at++;
    }
    return at;
  }

  private void readTrailer(ByteBuf in, int start, int end) {
    if (start == end) {
      part = Part.DONE;
      return;
    }
    trailerBytes += end - start;
    int colon = skipToken(in, start, end);
    if (colon == start || colon == end || in.getByte(colon) != ':') {
      refuse("trailer is not a field");
    } else if (trailerBytes > MAX_TRAILERS) {
      refuse("trailers longer than " + MAX_TRAILERS + " bytes");
    }
    for (int i = colon; i < end; i++) {
      byte b = in.getByte(i);
      if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
        refuse("control byte in a trailer");
      }
    }
  }

  private void refuse(String detail) {
    refusal = new Refusal(400, detail);
  }
}
