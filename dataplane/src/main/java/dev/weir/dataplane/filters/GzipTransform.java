package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.BodyTransform;
import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Makes a body one member of gzip (RFC 1952), with zlib's usual window of 32 KiB. Whenever the
 * upstream pauses all that came so far can be read by the client.
 */
final class GzipTransform implements BodyTransform {
  /** Bytes of native memory: window, chains and hash table of zlib at its default size. */
  static final long MEMORY = 272 * 1024;

  private static final int SLOW = 7;
  private static final int LARGE_TURN = 64 * 1024;
  private static final int SMALL_TURN = 16 * 1024;

  /** Below this zlib would write the end of what it flushes more than once. */
  private static final int ROOM = 64;

  private static final int LEAST_OUTPUT = 512;
  private static final int DEFLATE = 8;
  private static final int SMALLEST = 2;
  private static final int FASTEST = 4;
  private static final int UNIX = 3;

  private final int level;
  private final CompressionMemory.Share memory;
  private final CRC32 checksum = new CRC32();
  private @Nullable Deflater deflater;
  private int length;

  GzipTransform(int level, CompressionMemory.Share memory) {
    this.level = level;
    this.memory = memory;
  }

  @Override
  public int turn() {
    return level < SLOW ? LARGE_TURN : SMALL_TURN;
  }

  @Override
  public ByteBuf piece(ByteBuf data, After after) {
    var out = data.alloc().directBuffer(Math.max(LEAST_OUTPUT, data.readableBytes() / 8));
    try {
      var zlib = deflater;
      if (zlib == null) {
        zlib = new Deflater(level, true);
        deflater = zlib;
        writeHead(out);
      }
      var bytes = data.nioBuffer();
      checksum.update(bytes.duplicate());
      length += bytes.remaining();
      zlib.setInput(bytes);
      switch (after) {
        case MORE -> deflate(zlib, Deflater.NO_FLUSH, out);
        case PAUSE -> deflate(zlib, Deflater.SYNC_FLUSH, out);
        case END -> {
          zlib.finish();
          deflate(zlib, Deflater.NO_FLUSH, out);
          out.writeIntLE((int) checksum.getValue()).writeIntLE(length);
          close();
        }
      }
      return out;
    } catch (RuntimeException e) {
      out.release();
      throw e;
    } finally {
      data.release();
    }
  }

  /** Until zlib leaves room: then it has taken all and given all. */
  private static void deflate(Deflater zlib, int flush, ByteBuf out) {
    boolean full = true;
    while (full) {
      out.ensureWritable(ROOM);
      var room = out.internalNioBuffer(out.writerIndex(), out.writableBytes());
      int written = zlib.deflate(room, flush);
      full = written == out.writableBytes();
      out.writerIndex(out.writerIndex() + written);
    }
  }

  private void writeHead(ByteBuf out) {
    out.writeShort(0x1f8b).writeByte(DEFLATE);
    // No flags, no time.
    out.writeByte(0).writeInt(0);
    out.writeByte(level == Deflater.BEST_COMPRESSION ? SMALLEST : level == 1 ? FASTEST : 0);
    out.writeByte(UNIX);
  }

  @Override
  public void close() {
    var zlib = deflater;
    deflater = null;
    if (zlib != null) {
      zlib.end();
    }
    memory.close();
  }
}
