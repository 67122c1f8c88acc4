package dev.weir.dataplane.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A name server on 127.0.0.1, UDP and TCP, whose answers a test sets by name. */
final class DnsTestServer implements AutoCloseable {
  /** Records that fit into a datagram; more are cut off, to be asked for by TCP. */
  private static final int FIT = 20;

  /** What a name is answered. */
  sealed interface Answer {
    record Addresses(int ttl, List<String> ips) implements Answer {}

    record Error(DnsResponseCode code) implements Answer {}

    record Silence() implements Answer {}
  }

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private volatile int delayMillis;
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel tcp;
  private final Channel udp;

  DnsTestServer() {
    tcp =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(new TcpDnsQueryDecoder(), new TcpDnsResponseEncoder(), new Tcp());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
    udp =
        new Bootstrap()
            .group(group)
            .channel(NioDatagramChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new DatagramDnsQueryDecoder(),
                            new DatagramDnsResponseEncoder(),
                            new Udp());
                  }
                })
            .bind(address())
            .syncUninterruptibly()
            .channel();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) tcp.localAddress();
  }

  void answer(String name, int ttl, String... ips) {
    answers.put(name + ".", new Answer.Addresses(ttl, List.of(ips)));
  }

  void fail(String name, DnsResponseCode code) {
    answers.put(name + ".", new Answer.Error(code));
  }

  void keepSilent(String name) {
    answers.put(name + ".", new Answer.Silence());
  }

  /** Answers take so long from now on. */
  void delay(int millis) {
    delayMillis = millis;
  }

  /** How often that name was asked for (any record type). */
  long asked(String name) {
    return asked.stream().filter(name::equals).count();
  }

  private boolean respond(DnsQuestion question, DnsResponse response, int most) {
    response.addRecord(
        DnsSection.QUESTION, new DefaultDnsQuestion(question.name(), question.type()));
    asked.add(question.name().substring(0, question.name().length() - 1));
    var answer = answers.getOrDefault(question.name(), new Answer.Error(DnsResponseCode.NXDOMAIN));
    switch (answer) {
      case Answer.Error(var code) -> response.setCode(code);
      case Answer.Silence() -> {
        return false;
      }
      case Answer.Addresses(int ttl, var ips) -> {
        int count = 0;
        for (var ip : ips) {
          boolean matches = ip.contains(":") == question.type().equals(DnsRecordType.AAAA);
          if (matches && ++count > most) {
            response.setTruncated(true);
          } else if (matches) {
            response.addRecord(
                DnsSection.ANSWER,
                new DefaultDnsRawRecord(
                    question.name(),
                    question.type(),
                    ttl,
                    Unpooled.wrappedBuffer(NetUtil.createByteArrayFromIpAddressString(ip))));
          }
        }
      }
    }
    return true;
  }

  private final class Udp extends SimpleChannelInboundHandler<DatagramDnsQuery> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
      // Back the way it came: from its recipient to its sender.
      var response =
          new DatagramDnsResponse(
              /* sender= */ query.recipient(), /* recipient= */ query.sender(), query.id());
      if (respond(query.recordAt(DnsSection.QUESTION), response, FIT)) {
        Runnable send =
            () -> {
              var _ = ctx.writeAndFlush(response);
            };
        var _ = ctx.executor().schedule(send, delayMillis, TimeUnit.MILLISECONDS);
      } else {
        response.release();
      }
    }
  }

  private final class Tcp extends SimpleChannelInboundHandler<DnsQuery> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DnsQuery query) {
      var response = new DefaultDnsResponse(query.id());
      if (respond(query.recordAt(DnsSection.QUESTION), response, Integer.MAX_VALUE)) {
        var _ = ctx.writeAndFlush(response);
      } else {
        response.release();
      }
    }
  }

  @Override
  public void close() {
    udp.close().syncUninterruptibly();
    tcp.close().syncUninterruptibly();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
