package dev.weir.dataplane.wire;

import dev.weir.dataplane.codec.ConnectionCounts;
import dev.weir.dataplane.codec.Downstream;
import dev.weir.dataplane.codec.Http2ServerConnection;
import dev.weir.dataplane.codec.RequestHandler;
import dev.weir.dataplane.codec.ServerLimits;
import dev.weir.dataplane.codec.ServerStream;
import dev.weir.dataplane.codec.ServerStreamListener;
import dev.weir.dataplane.codec.SpareHeads;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.IpAddress;
import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.http.UnusualFields;
import dev.weir.testsupport.http2.FieldReader;
import dev.weir.testsupport.http2.Frame;
import dev.weir.testsupport.http2.FrameReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A client's connection of HTTP/2 without a socket: the pieces in which bytes arrive, and what the
 * codec made of them. Every request is answered as soon as its body is complete.
 */
public final class Http2Session implements RequestHandler {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);
  private static final ServerLimits LIMITS =
      new ServerLimits(HOUR, 10_000, HOUR, HOUR, HOUR, UnusualFields.DEFAULT, false);

  private static final Pattern KEY = Pattern.compile("(sec-websocket-key: )[A-Za-z0-9+/]{22}==");

  /**
   * What became of all bytes.
   *
   * @param requests those that were complete, in that order
   * @param streams what the client was answered on each, as a status or {@code reset CODE}
   * @param end why the connection ended; {@code closed} if it ended without a word, empty if not
   */
  public record Outcome(
      List<ServerSession.Seen> requests, Map<Integer, String> streams, String end) {
    /** The requests as they would go to an endpoint, without framing of bodies. */
    public String forwarded() {
      var text = new StringBuilder();
      requests.forEach(seen -> text.append(seen.forwarded()).append(seen.body()));
      return text.toString();
    }
  }

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Http2ServerConnection connection;
  private final FrameReader frames = new FrameReader();
  private final FieldReader fields = new FieldReader();
  private final List<ServerSession.Seen> complete = new ArrayList<>();
  private final Map<Integer, String> streams = new TreeMap<>();
  private String end = "";

  private Http2Session() {
    connection =
        new Http2ServerConnection(
            new Downstream(
                channel.eventLoop(), IpAddress.ofV4(0x7f000001), "127.0.0.1", false, false, 80, 80),
            () -> LIMITS,
            this,
            new ConnectionCounts(ServerSession.METRICS),
            new SpareHeads());
    channel.pipeline().addLast(new Direct());
  }

  /** What becomes of these bytes if they arrive in pieces that end at these places. */
  public static Outcome read(byte[] bytes, int... ends) {
    var session = new Http2Session();
    session.feed(bytes, ends);
    return session.end();
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
    if (end.isEmpty() && !channel.isOpen()) {
      end = "closed";
    }
    var _ = channel.close();
    takeOutput();
    channel.finishAndReleaseAll();
    return new Outcome(complete, streams, end);
  }

  private void takeOutput() {
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      var bytes = new byte[out.readableBytes()];
      out.readBytes(bytes);
      out.release();
      frames.read(bytes).forEach(this::answered);
    }
  }

  private void answered(Frame frame) {
    switch (frame.type()) {
      case Frame.HEADERS -> {
        var status = fields.read(frame.payload()).getFirst().value();
        if (!status.startsWith("1")) {
          say(frame.stream(), status);
        }
      }
      case Frame.RST_STREAM -> say(frame.stream(), "reset " + frame.code());
      case Frame.GOAWAY -> end = frame.code().name();
      default -> {
        // What a connection consists of otherwise.
      }
    }
  }

  /** A reset that only asks for no more of the request is no answer. */
  private void say(int stream, String what) {
    if (!what.equals("reset NO_ERROR") || !streams.containsKey(stream)) {
      streams.put(stream, what);
    }
  }

  @Override
  public ServerStreamListener onRequest(ServerStream stream, RequestHead head) {
    var exchange = new Exchange(stream, head);
    exchange.begin();
    return exchange;
  }

  @Override
  public void onRefused(ServerStream stream, Refusal refusal, CharSequence line) {
    refuse(stream, refusal);
  }

  private static void refuse(ServerStream stream, Refusal refusal) {
    stream.sendHead(OwnReply.of(refusal.status(), 0), new HeadEdits(), true);
  }

  /** The key of a WebSocket is another one each time. */
  private static String sameKey(String text) {
    return KEY.matcher(text).replaceAll("$1key");
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
    public void channelInactive(ChannelHandlerContext ctx) {
      connection.channelInactive(ctx);
    }
  }

  private final class Exchange implements ServerStreamListener {
    private final ServerStream stream;
    private final RequestHead head;
    private final List<String> lines = new ArrayList<>();
    private final String forwarded;
    private final StringBuilder body = new StringBuilder();

    Exchange(ServerStream stream, RequestHead head) {
      this.stream = stream;
      this.head = head;
      head.fields().forEach((name, value) -> lines.add(sameKey(name + ": " + value)));
      forwarded = sameKey(ServerSession.forwarded(head));
    }

    void begin() {
      if (head.bodyLength() == 0) {
        answer();
      } else {
        stream.read();
      }
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
      complete.add(
          new ServerSession.Seen(
              head.method(),
              head.target(),
              head.authority(),
              lines,
              head.bodyLength(),
              forwarded,
              body.toString(),
              true));
      stream.sendHead(OwnReply.of(200, 0), new HeadEdits(), true);
    }

    @Override
    public void onBodyRefused(Refusal refusal) {
      refuse(stream, refusal);
    }

    @Override
    public void onWritable() {}

    @Override
    public void onReset() {}
  }
}
