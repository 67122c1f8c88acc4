package dev.weir.dataplane.upstream;

import dev.weir.dataplane.codec.MalformedReplyException;
import dev.weir.dataplane.codec.ReplyParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * Hands on what the reads of an upstream connection bring. A piece of body is held back until it is
 * known whether the reply ends with it, so that the last piece carries the end. Owned by the
 * connection's event loop.
 */
final class ReplyReceiver {
  private final Http1Connection connection;
  private final ReplyParser parser;
  private final HeldBody held;

  /** Before the first reply. */
  ReplyReceiver(Http1Connection connection, ReplyParser parser, ByteBufAllocator alloc) {
    this.connection = connection;
    this.parser = parser;
    this.held = new HeldBody(alloc);
  }

  /** Hands on what a read brought, and ends the reply with its last byte. */
  void receive(Http1Stream current, ByteBuf received) throws MalformedReplyException {
    var in = received;
    try {
      while (!current.over()) {
        switch (parser.next(in)) {
          case MORE -> {
            handOn(current);
            return;
          }
          case INFORMATIONAL -> current.informational(parser.head());
          case HEAD -> receiveHead(current, in);
          case BODY -> {
            if (in.isReadable()) {
              hold(current, parser.takeBody(), in.readableBytes());
            } else {
              in = Unpooled.EMPTY_BUFFER;
              hold(current, parser.takeBuffer(), 0);
            }
          }
          case END -> {
            // The next request may have the parser by the time that this one's end is told.
            var trailers = parser.takeTrailers();
            connection.finish(current, in);
            if (trailers != null) {
              current.trailers(trailers);
            }
            current.body(held.take(), true);
          }
        }
      }
    } finally {
      held.take().release();
    }
  }

  private void receiveHead(Http1Stream current, ByteBuf in) {
    connection.endpoint().health().replied();
    var head = parser.head();
    if (parser.complete()) {
      connection.finish(current, in);
      current.head(head, true);
    } else {
      if (parser.raw()) {
        current.upgraded();
        connection.prepareBody(true);
      }
      current.head(head, false);
    }
  }

  private void hold(Http1Stream current, ByteBuf piece, int rest) {
    if (held.add(piece, rest)) {
      return;
    }
    handOn(current);
    if (current.over()) {
      piece.release();
    } else {
      held.add(piece, rest);
    }
  }

  private void handOn(Http1Stream current) {
    if (!held.isEmpty()) {
      current.body(held.take(), false);
    }
  }
}
