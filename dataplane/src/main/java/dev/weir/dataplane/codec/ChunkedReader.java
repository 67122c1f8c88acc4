package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.FieldName;
import dev.weir.dataplane.http.OwnFields;
import dev.weir.dataplane.http.Tokens;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds the data in a chunked reply (RFC 9112 7.1), byte by byte outside of the data. Extensions
 * are checked for form and dropped, trailers gathered; quotes in an extension are refused, because
 * readers disagree on line ends inside of them.
 */
final class ChunkedReader {
  private static final int MAX_SIZE_DIGITS = 15;
  private static final int MAX_EXTENSION = 1024;
  private static final int MAX_TRAILERS = 16 * 1024;

  /** RFC 9110 6.5.1: what frames, routes or authenticates has no place behind the body. */
  private static final long NOT_IN_TRAILERS =
      OwnFields.OF_REPLIES
          | FieldName.bits(FieldName.SERVER, FieldName.CONTENT_TYPE, FieldName.AUTHORIZATION);

  private enum State {
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER,
    TRAILER_LF,
    DONE
  }

  private State state = State.SIZE;
  private long size;
  private int count;
  private int line;
  private @Nullable ByteFields trailers;

  void begin() {
    state = State.SIZE;
    size = 0;
    count = 0;
  }

  /**
   * The fields behind the body, those that say something of the message left out; null for none.
   */
  @Nullable ByteFields takeTrailers() {
    var taken = trailers;
    trailers = null;
    return taken;
  }

  /** Bytes of trailers that are held before their end came. */
  int gathered() {
    return trailers == null ? 0 : count;
  }

  boolean done() {
    return state == State.DONE;
  }

  /**
   * Advances to the next data.
   *
   * @return how many bytes at the reader index are data, which the caller must take; 0 if none
   */
  int next(ByteBuf in) throws MalformedReplyException {
    while (in.isReadable() && state != State.DONE) {
      if (state == State.DATA) {
        int length = (int) Math.min(size, in.readableBytes());
        size -= length;
        if (size == 0) {
          state = State.DATA_CR;
        }
        return length;
      }
      step(in.readByte());
    }
    return 0;
  }

  private void step(int b) throws MalformedReplyException {
    switch (state) {
      case SIZE -> sizeByte(b);
      case EXTENSION -> extensionByte(b);
      case SIZE_LF -> {
        expect(b, '\n');
        count = 0;
        line = 0;
        state = size == 0 ? State.TRAILER : State.DATA;
      }
      case DATA_CR -> {
        expect(b, '\r');
        state = State.DATA_LF;
      }
      case DATA_LF -> {
        expect(b, '\n');
        begin();
      }
      case TRAILER -> trailerByte(b);
      case TRAILER_LF -> {
        expect(b, '\n');
        state = line == 0 ? State.DONE : State.TRAILER;
        addTrailer();
        line = 0;
      }
      case DATA, DONE -> throw new IllegalStateException("no byte to step over in " + state);
    }
  }

  private void sizeByte(int b) throws MalformedReplyException {
    int digit = b < 0 ? -1 : Character.digit(b, 16);
    if (digit >= 0) {
      if (++count > MAX_SIZE_DIGITS) {
        throw new MalformedReplyException("chunk size has too many digits");
      }
      size = size * 16 + digit;
      return;
    }
    if (count == 0) {
      throw new MalformedReplyException("chunk does not begin with its size");
    }
    count = 0;
    state =
        switch (b) {
          case '\r' -> State.SIZE_LF;
          // Some servers pad the size with spaces; the meaning is the same for every reader.
          case ';', ' ', '\t' -> State.EXTENSION;
          default -> throw new MalformedReplyException("chunk size is not a hexadecimal number");
        };
  }

  private void extensionByte(int b) throws MalformedReplyException {
    if (b == '\r') {
      state = State.SIZE_LF;
    } else if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f || b == '"') {
      throw new MalformedReplyException("chunk extension has a control byte or a quote");
    } else if (++count > MAX_EXTENSION) {
      throw new MalformedReplyException("chunk extension is too long");
    }
  }

  private void trailerByte(int b) throws MalformedReplyException {
    if (b == '\r') {
      state = State.TRAILER_LF;
    } else if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
      throw new MalformedReplyException("trailer has a control byte");
    } else if (++count > MAX_TRAILERS) {
      throw new MalformedReplyException("trailers are too long");
    } else {
      keep(b);
      line++;
    }
  }

  private void keep(int b) {
    var fields = trailers;
    if (fields == null) {
      fields = new ByteFields();
      trailers = fields;
    }
    fields.bytes(count + 2)[count - 1] = (byte) b;
  }

  /** The line that ends here stands at the end of what was gathered. */
  private void addTrailer() {
    var fields = trailers;
    if (line == 0 || fields == null) {
      return;
    }
    var bytes = fields.bytes();
    int start = count - line;
    int colon = start;
    while (colon < count && Tokens.isTokenByte(bytes[colon])) {
      colon++;
    }
    if (colon == start || colon == count || bytes[colon] != ':') {
      // No field: nobody is told of it.
      return;
    }
    int from = colon + 1;
    int to = count;
    while (from < to && isBlank(bytes[from])) {
      from++;
    }
    while (to > from && isBlank(bytes[to - 1])) {
      to--;
    }
    var known = FieldName.of(bytes, start, colon);
    if ((known.bit() & NOT_IN_TRAILERS) == 0) {
      fields.add(known, start, colon, from, to);
    }
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private static void expect(int b, char wanted) throws MalformedReplyException {
    if (b != wanted) {
      throw new MalformedReplyException("chunk is not framed by CR LF");
    }
  }
}
