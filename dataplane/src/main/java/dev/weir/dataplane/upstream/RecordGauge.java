package dev.weir.dataplane.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Stands before TLS and follows the heads of records (RFC 8446 5.1), without which nobody would
 * know what TLS gathers: it makes nothing of a record before it is whole. From its reads it keeps
 * back those for which there is no room. Owned by the channel's event loop.
 */
final class RecordGauge extends ChannelDuplexHandler {
  private static final int HEAD = 5;
  private static final int LENGTH_AT = 3;

  private @Nullable GatheredPart part;

  /** Of the last record, unless it is whole: bytes that came, and, once its head did, that will. */
  private int came;

  private int length;

  /** From now on it is told of what comes. */
  void tell(GatheredPart gathered) {
    part = gathered;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var in = (ByteBuf) message;
    follow(in);
    var to = part;
    if (to != null) {
      to.onRecords(in.readableBytes(), held(), missing());
    }
    ctx.fireChannelRead(in);
  }

  private void follow(ByteBuf in) {
    int end = in.writerIndex();
    for (int at = in.readerIndex(); at < end; ) {
      if (came < HEAD) {
        int value = in.getUnsignedByte(at++);
        if (came >= LENGTH_AT) {
          length = came == LENGTH_AT ? value << 8 : length + value + HEAD;
        }
        came++;
      } else {
        int more = Math.min(end - at, length - came);
        at += more;
        came += more;
      }
      if (came >= HEAD && came >= length) {
        came = 0;
      }
    }
  }

  /** Bytes that came of a record that isn't whole. */
  int held() {
    return came;
  }

  /** What is missing of it, or first of its head; 0 for none. */
  int missing() {
    return came == 0 ? 0 : came < HEAD ? HEAD - came : length - came;
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    var to = part;
    if (to == null || to.mayRead()) {
      ctx.read();
    }
  }
}
