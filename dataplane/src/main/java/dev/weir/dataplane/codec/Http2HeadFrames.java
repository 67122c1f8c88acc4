package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import io.netty.buffer.ByteBuf;

/**
 * Writes heads and trailers of replies as frames. Each method says how many bytes it wrote. Owned
 * by the connection's event loop.
 */
final class Http2HeadFrames {
  private static final int ESTIMATE = 512;
  private static final int SWITCHING = 101;
  private static final int CONTINUE = 100;

  /** What a tunnel that HTTP/2 opens is answered with (RFC 8441 5). */
  private static final int OK = 200;

  private final ServerOutput output;
  private final Http2HeadWriter writer;

  Http2HeadFrames(ServerOutput output, Http2HeadWriter writer) {
    this.output = output;
    this.writer = writer;
  }

  /**
   * Writes a reply's head.
   *
   * @param length for {@code Content-Length}, or {@link Http2HeadWriter#NO_LENGTH}
   * @param end whether it ends the stream
   * @throws IllegalArgumentException if an edit can't stand there; nothing was written then
   */
  int write(Http2ServerStream stream, ReplyHead head, HeadEdits edits, long length, boolean end) {
    int status = head.status() == SWITCHING ? OK : head.status();
    var to = output.room(ESTIMATE);
    int start = to.writerIndex();
    to.writeZero(Http2Frame.HEAD);
    try {
      writer.write(to, head, edits, status, length, stream.outbound().keepsLength());
    } catch (RuntimeException e) {
      to.writerIndex(start);
      throw e;
    }
    return complete(to, start, stream.id(), end);
  }

  /** Asks for the body. */
  int writeContinue(int id) {
    var to = output.room(ESTIMATE);
    int start = to.writerIndex();
    to.writeZero(Http2Frame.HEAD);
    writer.writeStatus(to, CONTINUE);
    return complete(to, start, id, false);
  }

  /** Packs trailers; the reference is the caller's. */
  ByteBuf pack(Fields trailers) {
    var block = output.buffer(ESTIMATE);
    writer.writeFields(block, trailers);
    return block;
  }

  /** Writes a packed block that ends a stream. */
  int writeLast(int id, ByteBuf block) {
    var to = output.room(Http2Frame.HEAD + block.readableBytes());
    int start = to.writerIndex();
    to.writeZero(Http2Frame.HEAD).writeBytes(block);
    return complete(to, start, id, true);
  }

  /** Fills the frame's first bytes in; a block too long for one frame is cut into several. */
  private static int complete(ByteBuf to, int start, int id, boolean end) {
    int written = to.writerIndex();
    int length = written - start - Http2Frame.HEAD;
    int flags = end ? Http2Frame.END_STREAM : 0;
    if (length > Http2Frame.MOST_PAYLOAD) {
      cut(to, start, id, flags);
      return to.writerIndex() - start;
    }
    to.writerIndex(start);
    Http2Output.head(to, length, Http2Frame.HEADERS, flags | Http2Frame.END_HEADERS, id);
    to.writerIndex(written);
    return written - start;
  }

  private static void cut(ByteBuf to, int start, int id, int streamFlags) {
    int from = start + Http2Frame.HEAD;
    var block = to.copy(from, to.writerIndex() - from);
    to.writerIndex(start);
    try {
      int type = Http2Frame.HEADERS;
      int flags = streamFlags;
      while (block.isReadable()) {
        int part = Math.min(block.readableBytes(), Http2Frame.MOST_PAYLOAD);
        flags |= part == block.readableBytes() ? Http2Frame.END_HEADERS : 0;
        Http2Output.head(to, part, type, flags, id);
        to.writeBytes(block, part);
        type = Http2Frame.CONTINUATION;
        flags = 0;
      }
    } finally {
      block.release();
    }
  }
}
