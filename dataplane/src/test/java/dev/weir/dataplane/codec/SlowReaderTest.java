package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.IpAddress;
import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.http.UnusualFields;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A last reply of which the client takes nothing, or takes it late. */
class SlowReaderTest {
  private static final String LAST = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

  /** Whether more bytes follow makes two ways to end. */
  private static final String MORE = LAST + "GET /more";

  private static final int BODY = 1 << 20;

  /** A server whose replies fit neither the kernel's buffers nor reach the water mark. */
  private static final class Server implements AutoCloseable {
    private final EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(1, Transport.best().ioHandlerFactory());
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Channel listening;

    Server(Duration send) {
      long minute = TimeUnit.MINUTES.toNanos(1);
      var limits =
          new ServerLimits(minute, 0, minute, minute, send.toNanos(), UnusualFields.DEFAULT, false);
      var metrics = new Telemetry(TelemetrySettings.DEFAULT, Clock.systemUTC()).connections();
      listening =
          new ServerBootstrap()
              .group(loops)
              .channel(Transport.best().serverChannel())
              .childOption(ChannelOption.SO_SNDBUF, 4096)
              .childOption(
                  ChannelOption.WRITE_BUFFER_WATER_MARK,
                  new WriteBufferWaterMark(4 * BODY, 8 * BODY))
              .childHandler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                      channel.closeFuture().addListener(done -> closed.countDown());
                      var client =
                          new Downstream(
                              channel.eventLoop(), IpAddress.NONE, "", false, false, 0, 0);
                      channel
                          .pipeline()
                          .addLast(
                              new Http1ServerConnection(
                                  client, () -> limits, new Replies(), metrics));
                    }
                  })
              .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .syncUninterruptibly()
              .channel();
    }

    Socket client(String request) throws IOException {
      var socket = new Socket();
      socket.setReceiveBufferSize(4096);
      socket.setSoTimeout(60_000);
      socket.connect(listening.localAddress());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return socket;
    }

    @Override
    public void close() {
      loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private record LargeReply(Fields fields) implements ReplyHead {
    @Override
    public int status() {
      return 200;
    }

    @Override
    public String reason() {
      return "OK";
    }

    @Override
    public long bodyLength() {
      return BODY;
    }
  }

  /** Answers with a large body at once. */
  private static final class Replies implements RequestHandler, ServerStreamListener {
    @Override
    public ServerStreamListener onRequest(ServerStream stream, RequestHead head) {
      stream.sendHead(new LargeReply(new ByteFields()), new HeadEdits(), false);
      stream.sendBody(Unpooled.buffer(BODY).writeZero(BODY), true);
      return this;
    }

    @Override
    public void onRefused(ServerStream stream, Refusal refusal, CharSequence line) {
      throw new AssertionError(refusal);
    }

    @Override
    public void onBody(ByteBuf data, boolean end) {
      data.release();
    }

    @Override
    public void onWritable() {
      // All was written at once.
    }

    @Override
    public void onBodyRefused(Refusal refusal) {
      throw new AssertionError(refusal);
    }

    @Override
    public void onReset() {
      // Nothing to give up.
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {LAST, MORE})
  void aClientThatTakesNothingIsCutOff(String request) throws Exception {
    try (var server = new Server(Duration.ofMillis(300));
        var client = server.client(request)) {
      assertThat(server.closed.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(client.isConnected()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {LAST, MORE})
  void aClientThatTakesItLateGetsAllOfIt(String request) throws Exception {
    try (var server = new Server(Duration.ofSeconds(10));
        var client = server.client(request)) {
      long asked = System.nanoTime();
      await().until(() -> System.nanoTime() - asked > Duration.ofMillis(1300).toNanos());
      assertThat(client.getInputStream().readAllBytes()).hasSizeGreaterThan(BODY);
      assertThat(server.closed.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }
}
