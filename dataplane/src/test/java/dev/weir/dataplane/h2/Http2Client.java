package dev.weir.dataplane.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that sends the frames it is told to and takes what comes: heads and bodies by stream,
 * and what is said of the connection. It answers SETTINGS and PING; windows it grants only when
 * told to. May be used by several threads.
 */
public final class Http2Client implements AutoCloseable {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;
  public static final int END_STREAM = 1;
  public static final int END_HEADERS = 4;
  private static final int MAX_CONCURRENT_STREAMS = 3;
  private static final int FIRST_WINDOW = 65_535;
  private static final int LARGE_WINDOW = 1 << 30;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  private final Socket socket;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
  private final Map<Integer, Reply> replies = new HashMap<>();
  private final List<GoAway> goAways = new ArrayList<>();
  private final Map<Integer, Integer> granted = new HashMap<>();
  private final Map<Integer, Integer> sent = new HashMap<>();
  private final List<byte[]> unansweredPings = new ArrayList<>();
  private int nextId = 1;
  private int streamsAllowed;
  private boolean answersPings = true;
  private boolean answersSettings = true;
  private boolean closed;

  /** What GOAWAY says. */
  public record GoAway(int lastId, int code) {}

  /** What came on a stream; guarded by its client. */
  public static final class Reply {
    private final List<String> informational = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    private @Nullable Http2Headers head;
    private @Nullable Http2Headers trailers;
    private int resetCode = -1;
    private boolean ended;

    /** 0 without a head. */
    public int status() {
      return head == null ? 0 : Integer.parseInt(String.valueOf(head.status()));
    }

    /** Empty if there is none. */
    public String field(String name) {
      var value = head == null ? null : head.get(name);
      return value == null ? "" : value.toString();
    }

    /** Empty if there is none. */
    public String trailer(String name) {
      var value = trailers == null ? null : trailers.get(name);
      return value == null ? "" : value.toString();
    }

    public String body() {
      return body.toString();
    }

    /** Statuses of replies before the final one. */
    public List<String> informational() {
      return informational;
    }

    /** -1 if it was not reset. */
    public int resetCode() {
      return resetCode;
    }

    public boolean ended() {
      return ended;
    }
  }

  /** By a connection that stands, TLS included. */
  public Http2Client(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Begins to take what comes: not before the first SETTINGS, because it answers those of others.
   */
  public Http2Client listen() {
    Thread.ofVirtual().start(this::receive);
    return this;
  }

  /** With windows so large that they are never in the way. */
  public static Http2Client connect(int port) throws IOException {
    var client = unsettled(port);
    client.settle(LARGE_WINDOW);
    return client;
  }

  /** One whose first SETTINGS the test sends, and that then is told to {@link #listen}. */
  public static Http2Client unsettled(int port) throws IOException {
    var socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return new Http2Client(socket);
  }

  /** Sends the first SETTINGS, and grants the connection as much. */
  public Http2Client settle(int initialWindow) throws IOException {
    frame(SETTINGS, 0, 0, Unpooled.buffer().writeShort(4).writeInt(initialWindow));
    if (initialWindow > 65_535) {
      grant(0, initialWindow - 65_535);
    }
    return listen();
  }

  /** No answer to PING from now on. */
  public synchronized void ignorePings() {
    answersPings = false;
  }

  /** Until a PING came that isn't answered. */
  public void awaitUnansweredPing() {
    awaitThat(() -> !unansweredPings.isEmpty());
  }

  /** Answers all PINGs, those that came meanwhile, too. */
  public synchronized void answerPings() throws IOException {
    answersPings = true;
    for (var payload : unansweredPings) {
      frame(PING, 1, 0, Unpooled.wrappedBuffer(payload));
    }
    unansweredPings.clear();
  }

  /** No acknowledgement of SETTINGS from now on. */
  public synchronized Http2Client ignoreSettings() {
    answersSettings = false;
    return this;
  }

  // Sends.

  /** Asks for a target of shop.example.com; returns the stream. */
  public int get(String path) throws IOException {
    return request(true, ":method", "GET", ":scheme", "http", ":path", path, ":authority", HOST);
  }

  private static final String HOST = "shop.example.com";

  /** Begins a POST to shop.example.com; returns the stream. */
  public int post(String path, String... more) throws IOException {
    var fields =
        new ArrayList<>(
            List.of(":method", "POST", ":scheme", "http", ":path", path, ":authority", HOST));
    fields.addAll(List.of(more));
    return request(false, fields.toArray(new String[0]));
  }

  /** Sends HEADERS of these names and values; returns the stream. */
  public synchronized int request(boolean end, String... namesAndValues) throws IOException {
    int id = nextId;
    nextId += 2;
    headers(id, end, namesAndValues);
    return id;
  }

  /** Sends HEADERS on a stream. */
  public synchronized void headers(int id, boolean end, String... namesAndValues)
      throws IOException {
    var fields = new DefaultHttp2Headers(false);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    var block = Unpooled.buffer();
    try {
      encoder.encodeHeaders(id, fields, block);
    } catch (Http2Exception e) {
      throw new IllegalArgumentException(e);
    }
    var first = block.readSlice(Math.min(block.readableBytes(), 16_384));
    boolean more = block.isReadable();
    frame(HEADERS, (end ? END_STREAM : 0) | (more ? 0 : END_HEADERS), id, first);
    while (block.isReadable()) {
      var next = block.readSlice(Math.min(block.readableBytes(), 16_384));
      frame(CONTINUATION, block.isReadable() ? 0 : END_HEADERS, id, next);
    }
  }

  /** Sends DATA. */
  public void data(int id, String text, boolean end) throws IOException {
    frame(DATA, end ? END_STREAM : 0, id, Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
  }

  /** Sends RST_STREAM. */
  public void reset(int id, int code) throws IOException {
    frame(RST_STREAM, 0, id, Unpooled.buffer().writeInt(code));
  }

  /** Sends WINDOW_UPDATE. */
  public void grant(int id, int bytes) throws IOException {
    frame(WINDOW_UPDATE, 0, id, Unpooled.buffer().writeInt(bytes));
  }

  /** Sends any frame; releases the payload. */
  public synchronized void frame(int type, int flags, int id, ByteBuf payload) throws IOException {
    var frame = Unpooled.buffer();
    frame.writeMedium(payload.readableBytes()).writeByte(type).writeByte(flags).writeInt(id);
    frame.writeBytes(payload);
    var bytes = new byte[frame.readableBytes()];
    frame.readBytes(bytes);
    write(bytes);
  }

  /** Sends bytes that are perhaps no whole frames. */
  public void bytes(byte[] bytes) throws IOException {
    write(bytes);
  }

  private synchronized void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  // Receives.

  private void receive() {
    try {
      var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      while (true) {
        int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int id = in.readInt();
        var payload = new byte[length];
        in.readFully(payload);
        take(type, flags, id, Unpooled.wrappedBuffer(payload));
      }
    } catch (IOException | Http2Exception e) {
      synchronized (this) {
        closed = true;
        notifyAll();
      }
    }
  }

  private synchronized void take(int type, int flags, int id, ByteBuf payload)
      throws IOException, Http2Exception {
    switch (type) {
      case DATA -> {
        var reply = reply(id);
        reply.body.append(payload.toString(StandardCharsets.ISO_8859_1));
        reply.ended |= (flags & END_STREAM) != 0;
      }
      case HEADERS -> takeHeaders(reply(id), flags, id, payload);
      case RST_STREAM -> reply(id).resetCode = payload.readInt();
      case GOAWAY -> goAways.add(new GoAway(payload.readInt(), payload.readInt()));
      case WINDOW_UPDATE -> granted.merge(id, payload.readInt(), Integer::sum);
      case SETTINGS -> {
        if ((flags & 1) == 0) {
          takeSettings(payload);
          if (answersSettings) {
            frame(SETTINGS, 1, 0, Unpooled.EMPTY_BUFFER);
          }
        }
      }
      case PING -> {
        if ((flags & 1) == 0 && answersPings) {
          frame(PING, 1, 0, payload);
        } else if ((flags & 1) == 0) {
          unansweredPings.add(ByteBufUtil.getBytes(payload));
        }
      }
      default -> {}
    }
    notifyAll();
  }

  private void takeHeaders(Reply reply, int flags, int id, ByteBuf payload) throws Http2Exception {
    var fields = decoder.decodeHeaders(id, payload);
    var status = fields.status();
    if (status == null) {
      reply.trailers = fields;
    } else if (status.charAt(0) == '1') {
      reply.informational.add(status.toString());
    } else {
      reply.head = fields;
    }
    reply.ended |= (flags & END_STREAM) != 0;
  }

  private void takeSettings(ByteBuf payload) {
    while (payload.isReadable()) {
      int name = payload.readUnsignedShort();
      int value = payload.readInt();
      if (name == MAX_CONCURRENT_STREAMS) {
        streamsAllowed = value;
      }
    }
  }

  private synchronized Reply reply(int id) {
    return replies.computeIfAbsent(id, any -> new Reply());
  }

  /** The reply of a stream once it is complete or reset. */
  public Reply await(int id) {
    var reply = reply(id);
    awaitThat(() -> reply.ended || reply.resetCode >= 0);
    return reply;
  }

  /** The reply of a stream once its head is there, or it is reset. */
  public Reply awaitHead(int id) {
    var reply = reply(id);
    awaitThat(() -> reply.head != null || reply.resetCode >= 0);
    return reply;
  }

  /** The reply of a stream once so much of its body is there. */
  public Reply awaitBody(int id, int length) {
    var reply = reply(id);
    awaitThat(() -> reply.body.length() >= length);
    return reply;
  }

  /** Until that stream was reset. */
  public void awaitReset(int id) {
    var reply = reply(id);
    awaitThat(() -> reply.resetCode >= 0);
  }

  /** Until a reply before the final one came. */
  public void awaitInformational(int id) {
    var reply = reply(id);
    awaitThat(() -> !reply.informational.isEmpty());
  }

  /** Whether the server's windows have no room for so many bytes; if they have, it is used up. */
  public synchronized boolean mayNotSend(int id, int bytes) {
    int ofStream = sent.getOrDefault(id, 0) + bytes;
    int ofConnection = sent.getOrDefault(0, 0) + bytes;
    if (ofStream > FIRST_WINDOW + granted(id) || ofConnection > FIRST_WINDOW + granted(0)) {
      return true;
    }
    sent.put(id, ofStream);
    sent.put(0, ofConnection);
    return false;
  }

  /** What came of a reply so far. */
  public synchronized int received(int id) {
    return reply(id).body.length();
  }

  /** How many GOAWAY came, once there are so many. */
  public synchronized List<GoAway> awaitGoAways(int count) {
    awaitThat(() -> goAways.size() >= count);
    return List.copyOf(goAways);
  }

  /** The number of streams that is allowed, once it is that. */
  public void awaitStreamsAllowed(int count) {
    awaitThat(() -> streamsAllowed == count);
  }

  /** Bytes that were granted beyond the first window: of a stream, or of the connection. */
  public synchronized int granted(int id) {
    return granted.getOrDefault(id, 0);
  }

  /** Until the server has closed the connection. */
  public void awaitClose() {
    awaitThat(() -> closed);
  }

  public synchronized boolean closed() {
    return closed;
  }

  private synchronized void awaitThat(BooleanSupplier what) {
    long deadline = System.nanoTime() + PATIENCE;
    while (!what.getAsBoolean()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("not within a minute; GOAWAY " + goAways + ", closed " + closed);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (closed && !what.getAsBoolean()) {
        throw new AssertionError("the connection was closed; GOAWAY " + goAways);
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
