package dev.weir.e2e.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoEventLoopGroup;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The cheapest HTTP/1.1 server that a benchmark can have, on an event loop of its own: for every
 * request head 35 bytes, or as many as a path {@code /bytes/N} asks for; {@code /ws} makes it send
 * back whatever comes.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the connection, which is seen
final class EchoBackend implements AutoCloseable {
  private static final int USUAL = 35;
  private static final byte[] SIZED = "GET /bytes/".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] UPGRADE = "GET /ws ".getBytes(StandardCharsets.US_ASCII);

  /** With the answer to the key of RFC 6455 1.3, which is what {@link Scenario#upgrade} sends. */
  private static final ByteBuf SWITCHED =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer(
              """
              HTTP/1.1 101 Switching Protocols
              Connection: Upgrade
              Upgrade: websocket
              Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

              """
                  .replace("\n", "\r\n"),
              StandardCharsets.US_ASCII));

  private final IoEventLoopGroup loop = Loops.one("backend");
  private final Channel listening;

  /** Used by the loop only. */
  private final Map<Integer, ByteBuf> replies = new HashMap<>();

  /** Listens on a free port of a loopback address. */
  EchoBackend(String address) {
    listening =
        Loops.server(loop, Connection::new).bind(address, 0).syncUninterruptibly().channel();
  }

  int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  private static ByteBuf replyOf(int size) {
    var head = "HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n";
    var body = "0123456789abcdefghijklmnopqrstuvwxy".repeat(size / USUAL + 1).substring(0, size);
    var bytes = (head + body).getBytes(StandardCharsets.US_ASCII);
    return Unpooled.unreleasableBuffer(
        Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly());
  }

  /** Finds ends of heads, wherever reads end. */
  private final class Connection extends ChannelInboundHandlerAdapter {
    private int matched;
    private int position;
    private int size;
    private boolean sized = true;
    private int upgradeMatched;
    private boolean echoing;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var in = Loops.bytes(message);
      if (echoing) {
        context.write(in);
        return;
      }
      try {
        while (in.isReadable()) {
          byte read = in.readByte();
          matchUpgrade(read);
          if (sized) {
            readSize(read);
          }
          matched = read == "\r\n\r\n".charAt(matched) ? matched + 1 : read == '\r' ? 1 : 0;
          if (matched == 4) {
            reply(context);
          }
        }
      } finally {
        in.release();
      }
    }

    private void matchUpgrade(byte read) {
      if (upgradeMatched >= 0 && upgradeMatched < UPGRADE.length) {
        upgradeMatched = read == UPGRADE[upgradeMatched] ? upgradeMatched + 1 : -1;
      }
    }

    /** Reads N, as long as the head goes on like {@link #SIZED}. */
    private void readSize(byte read) {
      if (position < SIZED.length) {
        sized = read == SIZED[position];
        position++;
      } else if (read >= '0' && read <= '9') {
        size = size * 10 + read - '0';
      } else {
        sized = false;
      }
    }

    private void reply(ChannelHandlerContext context) {
      if (upgradeMatched == UPGRADE.length) {
        echoing = true;
        context.write(SWITCHED.duplicate());
        return;
      }
      upgradeMatched = 0;
      int bytes = size == 0 ? USUAL : size;
      context.write(replies.computeIfAbsent(bytes, EchoBackend::replyOf).duplicate());
      matched = 0;
      position = 0;
      size = 0;
      sized = true;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close(); // the proxy gave the connection up
    }
  }

  @Override
  public void close() {
    listening.close().syncUninterruptibly();
    loop.shutdownGracefully();
  }
}
