package dev.weir.e2e.http2;

import dev.weir.e2e.wire.Wire;
import dev.weir.testsupport.http2.FieldBlock;
import dev.weir.testsupport.http2.FieldReader;
import dev.weir.testsupport.http2.Frame;
import dev.weir.testsupport.http2.FrameReader;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection of HTTP/2 that sends exactly the frames it is told. {@link #next} gives
 * what comes as it comes; everything else answers SETTINGS and PING, grants what DATA took and
 * gathers replies. Nothing waits longer than a minute.
 */
public final class Http2Wire implements AutoCloseable {
  private static final int USUAL_WINDOW = 65_535;
  private static final int LARGEST_FRAME = 16_384;

  private final Wire wire;
  private final FieldReader fields = new FieldReader();
  private final Map<Integer, Incoming> streams = new HashMap<>();
  private final Map<Integer, Integer> settings = new TreeMap<>();
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private boolean endsWithBlock;
  private int nextStream = 1;
  private long window = USUAL_WINDOW;
  private boolean granting = true;
  private @Nullable Frame goAway;

  private Http2Wire(Wire wire) {
    this.wire = wire;
  }

  /** On a plain connection, with prior knowledge. */
  public static Http2Wire to(InetSocketAddress address) throws IOException {
    return over(Wire.to(address)).open();
  }

  /** Over TLS, where it must be agreed on. */
  public static Http2Wire tls(InetSocketAddress address, String serverName) throws IOException {
    var wire = Wire.speaking(address, serverName, "h2", "http/1.1");
    if (!wire.spoken().equals("h2")) {
      wire.close();
      throw new AssertionError("not h2 but \"" + wire.spoken() + "\" is agreed on");
    }
    return over(wire).open();
  }

  /** On a connection on which nothing was sent yet; sends nothing. */
  public static Http2Wire over(Wire wire) {
    return new Http2Wire(wire);
  }

  /** Sends what a connection begins with, with settings as pairs of a name and a value. */
  public Http2Wire open(int... namesAndValues) throws IOException {
    return send(Frame.preface()).send(Frame.settings(namesAndValues));
  }

  /** From now on DATA is not granted anew. */
  public Http2Wire withholdingWindows() {
    granting = false;
    return this;
  }

  /** Sends bytes. */
  public Http2Wire send(byte[] bytes) throws IOException {
    wire.send(bytes);
    return this;
  }

  /** Sends frames in one write. */
  public Http2Wire send(Frame... frames) throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (var frame : frames) {
      bytes.writeBytes(frame.bytes());
    }
    return send(bytes.toByteArray());
  }

  /** Whether it is over TLS, which decides the scheme of requests. */
  public boolean secured() {
    return !wire.spoken().isEmpty();
  }

  /** A request's pseudo-fields; others may be added. */
  public FieldBlock head(String method, String authority, String path) {
    return FieldBlock.request(method, secured() ? "https" : "http", authority, path);
  }

  /** The next stream of this client, which is to open it. */
  public int stream() {
    int stream = nextStream;
    nextStream += 2;
    streams.put(stream, new Incoming(initialWindow()));
    return stream;
  }

  /** What the server has set so far; -1 if it said nothing of it. */
  public int setting(int name) {
    return settings.getOrDefault(name, -1);
  }

  private int initialWindow() {
    return settings.getOrDefault(Frame.INITIAL_WINDOW_SIZE, USUAL_WINDOW);
  }

  /**
   * Sends a head on the next stream.
   *
   * @param end whether no body follows
   * @return the stream
   */
  public int request(FieldBlock head, boolean end) throws IOException {
    int stream = stream();
    send(Frame.headers(stream, head, end));
    return stream;
  }

  /** Sends a GET; answers its stream. */
  public int begin(String authority, String path) throws IOException {
    return request(head("GET", authority, path), true);
  }

  /** Sends a GET and reads the reply. */
  public Http2Reply get(String authority, String path) throws IOException {
    return reply(begin(authority, path));
  }

  /** Sends a POST and reads the reply. */
  public Http2Reply post(String authority, String path, String text) throws IOException {
    int stream = request(head("POST", authority, path), false);
    body(stream, text.getBytes(StandardCharsets.UTF_8), true);
    return reply(stream);
  }

  /**
   * Sends a piece of body, as fast as the server grants it; nothing more if it ended the stream.
   */
  public void body(int stream, byte[] bytes, boolean end) throws IOException {
    var to = known(stream);
    int at = 0;
    while (at < bytes.length && !to.ended()) {
      int room = (int) Math.min(Math.min(window, to.window), LARGEST_FRAME);
      if (room <= 0) {
        takeSome("a window for DATA");
        continue;
      }
      int length = Math.min(room, bytes.length - at);
      window -= length;
      to.window -= length;
      var piece = Arrays.copyOfRange(bytes, at, at + length);
      at += length;
      send(Frame.data(stream, piece, end && at == bytes.length));
    }
    if (end && bytes.length == 0) {
      send(Frame.data(stream, bytes, true));
    }
  }

  /** Reads until the stream ends. */
  public Http2Reply reply(int stream) throws IOException {
    var from = known(stream);
    while (!from.ended()) {
      takeSome("the end of stream " + stream);
    }
    return from.reply();
  }

  /** Reads until the head of the reply is there, or the stream ended; what came so far. */
  public Http2Reply begun(int stream) throws IOException {
    return received(stream, 0);
  }

  /** Reads until a head and so many bytes of body are there, or the stream ended. */
  public Http2Reply received(int stream, int bytes) throws IOException {
    var from = known(stream);
    while (!from.ended() && (!from.begun() || from.received() < bytes)) {
      takeSome("a reply on stream " + stream);
    }
    return from.reply();
  }

  /** Reads until a stream ended; false if the connection ended before. */
  public boolean ended(int stream) throws IOException {
    var from = known(stream);
    while (!from.ended()) {
      if (take() == null) {
        return false;
      }
    }
    return true;
  }

  /** What came on a stream so far. */
  public Http2Reply soFar(int stream) {
    return known(stream).reply();
  }

  private Incoming known(int stream) {
    return streams.computeIfAbsent(stream, any -> new Incoming(initialWindow()));
  }

  /** Reads until a frame fits. */
  public Frame await(String what, Predicate<Frame> fits) throws IOException {
    while (true) {
      var frame = takeSome(what);
      if (fits.test(frame)) {
        return frame;
      }
    }
  }

  /** Reads until the server says that it ends the connection. */
  public Frame awaitGoAway() throws IOException {
    return goAway != null ? goAway : await("GOAWAY", frame -> frame.is(Frame.GOAWAY));
  }

  /** Reads until the server acknowledged a PING, so that it has read what was sent before. */
  public void ping(long payload) throws IOException {
    send(Frame.ping(payload));
    await(
        "a PING's answer",
        frame ->
            frame.is(Frame.PING)
                && frame.has(Frame.ACK)
                && ByteBuffer.wrap(frame.payload()).getLong() == payload);
  }

  private Frame takeSome(String what) throws IOException {
    var frame = take();
    if (frame == null) {
      throw new EOFException("closed before " + what + (goAway == null ? "" : ": " + goAway));
    }
    return frame;
  }

  /** Reads and answers the next frame; null at the end of the connection. */
  public @Nullable Frame take() throws IOException {
    var frame = next();
    if (frame != null) {
      handle(frame);
    }
    return frame;
  }

  /** Reads the next frame and does nothing about it; null at the end of the connection. */
  public @Nullable Frame next() throws IOException {
    int first = wire.read();
    if (first < 0) {
      return null;
    }
    var head = new byte[Frame.HEAD];
    head[0] = (byte) first;
    System.arraycopy(wire.bytes(Frame.HEAD - 1), 0, head, 1, Frame.HEAD - 1);
    return FrameReader.frame(head, 0, wire.bytes(FrameReader.length(head, 0)));
  }

  private void handle(Frame frame) throws IOException {
    switch (frame.type()) {
      case Frame.SETTINGS -> settings(frame);
      case Frame.PING -> {
        if (!frame.has(Frame.ACK)) {
          answer(frame.pingAck());
        }
      }
      case Frame.WINDOW_UPDATE -> {
        if (frame.stream() == 0) {
          window += frame.increment();
        } else {
          known(frame.stream()).window += frame.increment();
        }
      }
      case Frame.HEADERS, Frame.CONTINUATION -> fields(frame);
      case Frame.DATA -> data(frame);
      case Frame.RST_STREAM -> known(frame.stream()).end(frame.code());
      case Frame.GOAWAY -> goAway = frame;
      default -> throw new AssertionError("a server sends no " + frame);
    }
  }

  /** The server may be gone already, which what it sent before will tell. */
  private void answer(Frame frame) {
    try {
      send(frame);
    } catch (IOException e) {
      // Read on to the end.
    }
  }

  private void settings(Frame frame) {
    if (frame.has(Frame.ACK)) {
      return;
    }
    int before = initialWindow();
    settings.putAll(frame.values());
    streams.values().forEach(stream -> stream.window += initialWindow() - before);
    answer(Frame.settingsAck());
  }

  private void fields(Frame frame) {
    block.writeBytes(frame.payload());
    endsWithBlock |= frame.endsStream();
    if (!frame.has(Frame.END_HEADERS)) {
      return;
    }
    var stream = known(frame.stream());
    stream.fields(fields.read(block.toByteArray()));
    block.reset();
    if (endsWithBlock) {
      stream.end(null);
    }
    endsWithBlock = false;
  }

  private void data(Frame frame) {
    var stream = known(frame.stream());
    stream.data(frame.content());
    if (frame.endsStream()) {
      stream.end(null);
    }
    int size = frame.payload().length;
    if (granting && size > 0) {
      answer(Frame.windowUpdate(0, size));
      if (!frame.endsStream()) {
        answer(Frame.windowUpdate(frame.stream(), size));
      }
    }
  }

  /** The server's settings so far, by name. */
  public Map<Integer, Integer> settings() {
    return settings;
  }

  /** What the server said when it ended the connection; null if it didn't so far. */
  public @Nullable Frame goAway() {
    return goAway;
  }

  /** Reads what is left until the server closes. */
  public void awaitClose() throws IOException {
    while (take() != null) {
      // Whatever it is.
    }
  }

  /** The connection below. */
  public Wire wire() {
    return wire;
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
