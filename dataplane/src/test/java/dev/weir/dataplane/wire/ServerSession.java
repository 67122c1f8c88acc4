package dev.weir.dataplane.wire;

import dev.weir.dataplane.codec.Downstream;
import dev.weir.dataplane.codec.Http1ServerConnection;
import dev.weir.dataplane.codec.RequestHandler;
import dev.weir.dataplane.codec.RequestHeadWriter;
import dev.weir.dataplane.codec.ServerLimits;
import dev.weir.dataplane.codec.ServerStream;
import dev.weir.dataplane.codec.ServerStreamListener;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.IpAddress;
import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.http.UnusualFields;
import dev.weir.dataplane.telemetry.ConnectionMetrics;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A client's connection without a socket: the pieces in which bytes arrive, and what the codec made
 * of them. Every request is answered as soon as its body is complete.
 */
public final class ServerSession implements RequestHandler {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);
  private static final ServerLimits LIMITS =
      new ServerLimits(HOUR, 10_000, HOUR, HOUR, HOUR, UnusualFields.DEFAULT, false);
  static final ConnectionMetrics METRICS =
      new Telemetry(
              new TelemetrySettings(
                  new TelemetrySettings.Identity("ns", "class", "pod"),
                  true,
                  TelemetrySettings.Hosts.DEFINED,
                  false,
                  TelemetrySettings.Buckets.DEFAULT,
                  Set.of()),
              Clock.systemUTC())
          .connections();

  /**
   * A request as the codec told of it.
   *
   * @param fields {@code name: value}, in order
   * @param length {@link RequestHead#bodyLength}
   * @param forwarded the head as it would be written to an endpoint, without edits
   * @param body what arrived of it; empty if the body was refused, because how much of it was
   *     passed on before may depend on the pieces
   * @param whole whether the body arrived completely
   */
  public record Seen(
      String method,
      String target,
      String authority,
      List<String> fields,
      long length,
      String forwarded,
      String body,
      boolean whole) {}

  /**
   * What became of all bytes.
   *
   * @param statuses of the replies, in order
   * @param refused status of the refusal that ended it, or 0
   * @param closed whether the connection was closed after the last reply
   */
  public record Outcome(List<Seen> requests, List<Integer> statuses, int refused, boolean closed) {}

  /**
   * What a request is answered with.
   *
   * @param body left out if the head says that there is none
   */
  public record Answer(ReplyHead head, String body) {}

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Http1ServerConnection connection;
  private final Function<String, Answer> answers;
  private final List<Exchange> exchanges = new ArrayList<>();
  private final StringBuilder output = new StringBuilder();
  private final List<Integer> statuses = new ArrayList<>();
  private int refused;

  private ServerSession(Function<String, Answer> answers) {
    this.answers = answers;
    connection =
        new Http1ServerConnection(
            new Downstream(
                channel.eventLoop(), IpAddress.ofV4(0x7f000001), "127.0.0.1", false, false, 80, 80),
            () -> LIMITS,
            this,
            METRICS);
    channel.pipeline().addLast(new Direct());
  }

  /** What becomes of these bytes if they arrive in pieces that end at these places. */
  public static Outcome read(byte[] bytes, int... ends) {
    var session = new ServerSession(body -> new Answer(OwnReply.of(200, 0), ""));
    session.feed(bytes, ends);
    return session.end();
  }

  /**
   * All bytes that a client gets which sends these.
   *
   * @param answers from a request's body to its answer
   */
  public static String replies(byte[] bytes, Function<String, Answer> answers) {
    var session = new ServerSession(answers);
    session.feed(bytes);
    session.end();
    return session.output.toString();
  }

  private void feed(byte[] bytes, int... ends) {
    int from = 0;
    for (int i = 0; i <= ends.length && channel.isOpen(); i++) {
      int to = i < ends.length ? ends[i] : bytes.length;
      if (to > from) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, from, to - from));
        channel.checkException();
        takeOutput();
        from = to;
      }
    }
  }

  private Outcome end() {
    boolean closed = !channel.isOpen();
    var seen = exchanges.stream().map(Exchange::seen).toList();
    var _ = channel.close();
    takeOutput();
    channel.finishAndReleaseAll();
    return new Outcome(seen, statuses, refused, closed);
  }

  private void takeOutput() {
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      output.append(out.toString(StandardCharsets.ISO_8859_1));
      out.release();
    }
  }

  @Override
  public ServerStreamListener onRequest(ServerStream stream, RequestHead head) {
    var exchange = new Exchange(stream, head);
    exchanges.add(exchange);
    exchange.begin();
    return exchange;
  }

  @Override
  public void onRefused(ServerStream stream, Refusal refusal, CharSequence line) {
    refuse(stream, refusal);
  }

  private void refuse(ServerStream stream, Refusal refusal) {
    refused = refusal.status();
    statuses.add(refused);
    stream.sendHead(OwnReply.of(refused, 0), new HeadEdits(), true);
  }

  /** Calls the connection so that what it throws is not taken for a broken connection. */
  private final class Direct extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      connection.handlerAdded(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      connection.channelRead(ctx, message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      connection.channelWritabilityChanged(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      connection.channelInactive(ctx);
    }
  }

  private final class Exchange implements ServerStreamListener {
    private final ServerStream stream;
    private final String method;
    private final String target;
    private final String authority;
    private final List<String> fields = new ArrayList<>();
    private final long length;
    private final String forwarded;
    private final StringBuilder body = new StringBuilder();
    private boolean whole;
    private boolean bodyRefused;

    Exchange(ServerStream stream, RequestHead head) {
      this.stream = stream;
      method = head.method();
      target = head.target();
      authority = head.authority();
      head.fields().forEach((name, value) -> fields.add(name + ": " + value));
      length = head.bodyLength();
      forwarded = forwarded(head);
    }

    void begin() {
      if (length == 0) {
        answer();
      } else {
        stream.read();
      }
    }

    Seen seen() {
      return new Seen(
          method,
          target,
          authority,
          fields,
          length,
          forwarded,
          bodyRefused ? "" : body.toString(),
          whole);
    }

    @Override
    public void onBody(ByteBuf data, boolean end) {
      body.append(data.toString(StandardCharsets.ISO_8859_1));
      data.release();
      if (end) {
        answer();
      } else {
        stream.read();
      }
    }

    private void answer() {
      whole = true;
      var answer = answers.apply(body.toString());
      statuses.add(answer.head.status());
      boolean bodyless = answer.head.bodyLength() == 0;
      stream.sendHead(answer.head, new HeadEdits(), bodyless);
      if (!bodyless) {
        stream.sendBody(Unpooled.copiedBuffer(answer.body, StandardCharsets.ISO_8859_1), true);
      }
    }

    @Override
    public void onBodyRefused(Refusal refusal) {
      bodyRefused = true;
      refuse(stream, refusal);
    }

    @Override
    public void onWritable() {}

    @Override
    public void onReset() {}
  }

  static String forwarded(RequestHead head) {
    var out = Unpooled.buffer();
    RequestHeadWriter.write(
        head,
        new HeadEdits(),
        new RequestHeadWriter.Framing(head.bodyLength(), false, "endpoint.test"),
        out);
    return out.toString(StandardCharsets.ISO_8859_1);
  }
}
