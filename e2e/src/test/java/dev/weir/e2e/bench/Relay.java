package dev.weir.e2e.bench;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The floor: passes bytes between a client and the backend on one event loop and looks at none of
 * them. No proxy on this network library can cost less.
 */
public final class Relay {
  private Relay() {}

  /**
   * Runs until it is killed.
   *
   * @param args the port to listen on and the backend's, both of 127.0.0.1
   */
  public static void main(String[] args) throws InterruptedException {
    var backend = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[1]));
    Loops.server(Loops.one("relay"), () -> new Client(backend))
        .childOption(ChannelOption.AUTO_READ, false)
        .bind("127.0.0.1", Integer.parseInt(args[0]))
        .sync()
        .channel()
        .closeFuture()
        .sync();
  }

  /** One direction: what comes in here goes out at the peer. */
  private static class Side extends ChannelInboundHandlerAdapter {
    @Nullable Channel peer;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var to = peer;
      if (to == null) {
        Loops.bytes(message).release();
        return;
      }
      to.write(message, to.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      var to = peer;
      if (to != null) {
        to.flush();
        if (!to.isWritable()) {
          context.channel().config().setAutoRead(false);
        }
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (peer != null && context.channel().isWritable()) {
        peer.config().setAutoRead(true);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (peer != null) {
        peer.close();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** The client's side; connects to the backend before it reads. */
  private static final class Client extends Side {
    private final InetSocketAddress backend;

    Client(InetSocketAddress backend) {
      this.backend = backend;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      var client = context.channel();
      var answers = new Side();
      answers.peer = client;
      Loops.client(client.eventLoop())
          .handler((ChannelHandler) answers)
          .connect(backend)
          .addListener(
              (ChannelFutureListener)
                  connected -> {
                    if (connected.isSuccess()) {
                      peer = connected.channel();
                      client.config().setAutoRead(true);
                    } else {
                      client.close();
                    }
                  });
    }
  }
}
