package dev.weir.testsupport.trace;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Takes spans by OTLP, as a collector does, and keeps them; answers when it is told to. */
public final class TraceCollector implements AutoCloseable {
  private static final int LARGEST = 16 << 20;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("trace-collector", true), NioIoHandler.newFactory());
  private final Queue<byte[]> received = new ConcurrentLinkedQueue<>();
  private final Queue<String> authorizations = new ConcurrentLinkedQueue<>();
  private final Queue<Runnable> unanswered = new ConcurrentLinkedQueue<>();
  private final Channel listener;
  private volatile Manner manner = Manner.ANSWERS;

  /** How it is spoken to. */
  public enum Protocol {
    /** HTTP/2 without TLS. */
    GRPC,
    /** HTTP/1.1 with protobuf. */
    HTTP
  }

  /** How it behaves. */
  public enum Manner {
    ANSWERS,
    /** Takes what comes and says nothing until {@link #behave} has it answer. */
    HANGS,
    /** Answers with an error that nobody repeats a request for. */
    REFUSES
  }

  /** What was received, without what the protocol puts around it. */
  interface Exchanges {
    /**
     * Takes a message.
     *
     * @param authorization what the request has as such; empty for nothing
     * @param answer called once it is to be answered, with whether it is accepted
     */
    void onMessage(byte[] message, String authorization, Answer answer);
  }

  /** Answers a message. */
  interface Answer {
    /** On the loop of its connection. */
    void send(boolean accepted);
  }

  /** One that listens on a free port of an address. */
  public TraceCollector(Protocol protocol, String address) {
    this(protocol, address, null);
  }

  /** The same in TLS, with clients that show a certificate. */
  public TraceCollector(Protocol protocol, String address, @Nullable SSLContext tls) {
    // Not on the loop, which would wait for files and random numbers.
    var context = tls == null ? null : secured(protocol, tls);
    listener =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (context != null) {
                      channel.pipeline().addLast(context.newHandler(channel.alloc()));
                    }
                    build(channel, protocol);
                  }
                })
            .bind(new InetSocketAddress(address, 0))
            .syncUninterruptibly()
            .channel();
  }

  private static SslContext secured(Protocol protocol, SSLContext tls) {
    return new JdkSslContext(
        tls,
        false,
        null,
        IdentityCipherSuiteFilter.INSTANCE,
        new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            protocol == Protocol.GRPC
                ? ApplicationProtocolNames.HTTP_2
                : ApplicationProtocolNames.HTTP_1_1),
        ClientAuth.REQUIRE,
        null,
        false);
  }

  private void build(Channel channel, Protocol protocol) {
    switch (protocol) {
      case GRPC ->
          channel
              .pipeline()
              .addLast(Http2FrameCodecBuilder.forServer().build())
              .addLast(
                  new Http2MultiplexHandler(
                      new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel stream) {
                          stream.pipeline().addLast(new GrpcCall(TraceCollector.this::onMessage));
                        }
                      }));
      case HTTP ->
          channel
              .pipeline()
              .addLast(new HttpServerCodec())
              .addLast(new HttpObjectAggregator(LARGEST))
              .addLast(new HttpCall(this::onMessage));
    }
  }

  private void onMessage(byte[] message, String authorization, Answer answer) {
    authorizations.add(authorization);
    received.add(message);
    switch (manner) {
      case ANSWERS -> answer.send(true);
      case REFUSES -> answer.send(false);
      case HANGS -> unanswered.add(() -> answer.send(true));
    }
  }

  /** Behaves so from now on; what hung is answered unless it goes on to hang. */
  public void behave(Manner newManner) {
    manner = newManner;
    if (newManner != Manner.HANGS) {
      for (var answer = unanswered.poll(); answer != null; answer = unanswered.poll()) {
        loop.execute(answer);
      }
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** How many messages came. */
  public int messages() {
    return received.size();
  }

  /** What the messages had to show, in order; empty for nothing. */
  public List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  /** All spans that came, in order. */
  public List<ReceivedSpan> spans() {
    var spans = new ArrayList<ReceivedSpan>();
    for (var message : received) {
      try {
        spans.addAll(ReceivedSpan.of(ExportTraceServiceRequest.parseFrom(message)));
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError("no ExportTraceServiceRequest of OTLP", e);
      }
    }
    return spans;
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
