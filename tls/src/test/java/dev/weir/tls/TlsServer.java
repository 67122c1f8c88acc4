package dev.weir.tls;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Accepts TLS on a loopback port, on two event loops, and sends a byte after each handshake. */
final class TlsServer implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final ServerTls tls;
  private final Channel channel;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final BlockingQueue<HandshakeFacts> facts = new LinkedBlockingQueue<>();
  // One party for each pipeline that still has handlers, and one for close.
  private final Phaser pipelines = new Phaser(1);

  TlsServer(ServerTls tls) {
    this(tls, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /**
   * A replica: the JDK's client remembers sessions by name and port.
   *
   * @param last number of the address: {@code 127.0.0.last}, on the other server's port
   */
  static TlsServer beside(TlsServer other, int last, ServerTls tls) {
    return new TlsServer(tls, new InetSocketAddress("127.0.0." + last, other.address().getPort()));
  }

  private TlsServer(ServerTls tls, InetSocketAddress address) {
    this.tls = tls;
    this.channel =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel accepted) {
                    connections.add(accepted);
                    accepted.pipeline().addLast(new Presence(pipelines));
                    secure(accepted);
                  }
                })
            .bind(address)
            .syncUninterruptibly()
            .channel();
  }

  private void secure(SocketChannel accepted) {
    var handler = tls.newHandler(accepted.alloc());
    accepted.pipeline().addLast(handler);
    var _ =
        handler
            .handshakeFuture()
            .addListener(
                done -> {
                  if (done.isSuccess()) {
                    facts.add(HandshakeFacts.of(handler));
                    var _ = accepted.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'x'}));
                  }
                });
  }

  /** What all policies share where nobody asks for OCSP replies. */
  static ServerTls.Surroundings surroundings(
      Supplier<CertificateTable> table, InstantSource clock) {
    return new ServerTls.Surroundings(table, new Staples(TlsServer::nobody, table, clock), clock);
  }

  private static byte[] nobody(URI responder, byte[] question) {
    throw new IllegalStateException("nobody is to be asked");
  }

  InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  /** Of the oldest handshake that nobody asked about. */
  HandshakeFacts facts() throws InterruptedException {
    var next = facts.poll(60, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no handshake");
    }
    return next;
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    connections.close().syncUninterruptibly();
    // A TLS handler lets its engine go when it is removed, which follows the close.
    pipelines.arriveAndAwaitAdvance();
    tls.close();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** The first handler of a pipeline: the last to be removed. */
  private static final class Presence extends ChannelHandlerAdapter {
    private final Phaser pipelines;

    Presence(Phaser pipelines) {
      this.pipelines = pipelines;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      pipelines.register();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      pipelines.arriveAndDeregister();
    }
  }
}
