package dev.weir.e2e.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.File;
import java.io.IOException;
import java.util.function.Supplier;

/** How the benchmarks' own servers and clients use the network: one epoll loop each. */
final class Loops {
  private Loops() {}

  static IoEventLoopGroup one(String name) {
    return new MultiThreadIoEventLoopGroup(
        1, new DefaultThreadFactory(name, true), EpollIoHandler.newFactory());
  }

  /** A server's sockets; each connection gets a handler of its own. */
  static ServerBootstrap server(EventLoopGroup loop, Supplier<? extends ChannelHandler> handler) {
    return new ServerBootstrap()
        .group(loop)
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 4096)
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, reads())
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(handler.get());
              }
            });
  }

  static Bootstrap client(EventLoopGroup loop) {
    return new Bootstrap()
        .group(loop)
        .channel(EpollSocketChannel.class)
        .option(ChannelOption.RECVBUF_ALLOCATOR, reads());
  }

  /** TLS of a client that trusts everyone. Its library prefers the suite that all rows use. */
  static SslContext trustingClient() throws IOException {
    return trusting().build();
  }

  /** The same for one that speaks only this protocol on top (RFC 7301). */
  static SslContext trustingClient(String protocol) throws IOException {
    var onlyThis =
        new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            protocol);
    return trusting().applicationProtocolConfig(onlyThis).build();
  }

  private static SslContextBuilder trusting() {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.OPENSSL)
        .trustManager(InsecureTrustManagerFactory.INSTANCE)
        .endpointIdentificationAlgorithm("")
        .protocols("TLSv1.3");
  }

  /** TLS of a server whose certificate and key stand in one file. */
  static SslContext server(File pem) throws IOException {
    return SslContextBuilder.forServer(pem, pem)
        .sslProvider(SslProvider.OPENSSL)
        .protocols("TLSv1.3")
        .build();
  }

  private static AdaptiveRecvByteBufAllocator reads() {
    return new AdaptiveRecvByteBufAllocator(512, 4096, 131_072);
  }

  /** Handlers here see nothing but bytes. */
  static ByteBuf bytes(Object message) {
    return (ByteBuf) message;
  }
}
