package dev.weir.dataplane.filters;

import com.aayushatharva.brotli4j.encoder.Encoder;
import com.aayushatharva.brotli4j.encoder.EncoderJNI;
import com.aayushatharva.brotli4j.encoder.EncoderJNI.Operation;
import dev.weir.dataplane.filter.BodyTransform;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a body a brotli stream (RFC 7932). Whenever the upstream pauses all that came so far can be
 * read by the client.
 *
 * <p>The window has 64 KiB: from 128 KiB on the upper levels keep tables of 25 MB for each stream,
 * for a few per cent. The encoder only gathers bytes until 64 KiB are together and then works on
 * all of them, so it is made to work at every turn's end.
 */
final class BrotliTransform implements BodyTransform {
  private static final int WINDOW_BITS = 16;
  private static final int INPUT = 16 * 1024;

  private static final int SLOW = 7;
  private static final int SLOWEST = 10;
  private static final int LARGE_TURN = 64 * 1024;
  private static final int SMALL_TURN = 16 * 1024;
  private static final int SMALLEST_TURN = 2 * 1024;
  private static final int LEAST_OUTPUT = 512;

  private final int level;
  private final CompressionMemory.Share memory;
  private EncoderJNI.@Nullable Wrapper encoder;
  private int unflushed;

  BrotliTransform(int level, CompressionMemory.Share memory) {
    this.level = level;
    this.memory = memory;
  }

  /**
   * Bytes of native memory that a stream holds between its pieces, as measured with brotli 1.x for
   * this window and these turns, and rounded up: window, tables, and the blocks and commands of one
   * turn. So levels whose turns are smaller need less than those below.
   */
  static long memory(int level) {
    int kibibytes =
        switch (level) {
          case 0, 1 -> 256;
          case 2, 3 -> 896;
          case 4, 5, 6 -> 1664;
          case 7, 8 -> 1024;
          case 9 -> 1792;
          default -> 1280;
        };
    return kibibytes * 1024L;
  }

  @Override
  public int turn() {
    if (level >= SLOWEST) {
      return SMALLEST_TURN;
    }
    return level < SLOW ? LARGE_TURN : SMALL_TURN;
  }

  @Override
  public ByteBuf piece(ByteBuf data, After after) {
    var out = data.alloc().directBuffer(Math.max(LEAST_OUTPUT, data.readableBytes() / 8));
    try {
      var brotli = encoder;
      if (brotli == null) {
        brotli = open(level);
        encoder = brotli;
      }
      unflushed += data.readableBytes();
      while (data.isReadable()) {
        var input = brotli.getInputBuffer();
        input.clear().limit(Math.min(input.capacity(), data.readableBytes()));
        data.readBytes(input);
        push(brotli, Operation.PROCESS, input.position(), out);
      }
      if (after == After.END) {
        push(brotli, Operation.FINISH, 0, out);
        close();
      } else if (unflushed > 0 && (after == After.PAUSE || unflushed >= turn())) {
        push(brotli, Operation.FLUSH, 0, out);
        unflushed = 0;
      }
      return out;
    } catch (RuntimeException e) {
      out.release();
      throw e;
    } finally {
      data.release();
    }
  }

  private static EncoderJNI.Wrapper open(int level) {
    try {
      return new EncoderJNI.Wrapper(INPUT, level, WINDOW_BITS, Encoder.Mode.GENERIC);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void push(EncoderJNI.Wrapper brotli, Operation operation, int bytes, ByteBuf out) {
    brotli.push(operation, bytes);
    while (true) {
      if (!brotli.isSuccess()) {
        throw new IllegalStateException("brotli can't encode any further");
      } else if (brotli.hasMoreOutput()) {
        out.writeBytes(brotli.pull());
      } else if (brotli.hasRemainingInput()) {
        brotli.push(operation, 0);
      } else {
        return;
      }
    }
  }

  @Override
  public void close() {
    var brotli = encoder;
    encoder = null;
    if (brotli != null) {
      brotli.destroy();
    }
    memory.close();
  }
}
