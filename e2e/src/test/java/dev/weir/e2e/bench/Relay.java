package dev.weir.e2e.bench;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.Mapping;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The floor: passes bytes between a client and the backend on one event loop and looks at none of
 * them. No proxy on this network library can cost less.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the connection, which is seen
public final class Relay {
  private Relay() {}

  /**
   * Runs until it is killed.
   *
   * @param args the ports to listen on, without and with TLS, and the backend's, all of 127.0.0.1;
   *     the files with the certificates of {@link Scenario#HOST} and {@link Scenario#RSA_HOST}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    var backend =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[2]));
    var usual = Loops.server(new File(args[3]));
    var rsa = Loops.server(new File(args[4]));
    var loop = Loops.one("relay");
    Loops.server(loop, () -> new Client(backend))
        .childOption(ChannelOption.AUTO_READ, false)
        .bind("127.0.0.1", Integer.parseInt(args[0]))
        .sync();
    Loops.server(
            loop,
            () -> new TlsClient(name -> Scenario.RSA_HOST.equals(name) ? rsa : usual, backend))
        .bind("127.0.0.1", Integer.parseInt(args[1]))
        .sync()
        .channel()
        .closeFuture()
        .sync();
  }

  /** Ends TLS before the client's side, which connects to the backend meanwhile. */
  private static final class TlsClient extends ChannelInitializer<Channel> {
    private final Mapping<String, SslContext> certificates;
    private final InetSocketAddress backend;

    TlsClient(Mapping<String, SslContext> certificates, InetSocketAddress backend) {
      this.certificates = certificates;
      this.backend = backend;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline().addLast(new SniHandler(certificates), new Client(backend));
    }
  }

  /** One direction: what comes in here goes out at the peer. */
  private static class Side extends ChannelInboundHandlerAdapter {
    @Nullable Channel peer;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var to = peer;
      if (to == null) {
        Loops.bytes(message).release();
        context.close(); // the backend isn't connected yet: better an error than a lost request
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
