package dev.weir.e2e.fault;

import dev.weir.e2e.backend.Script;
import dev.weir.e2e.wire.Frames;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A client's WebSocket at {@code chat.test}, and the server of it, which says every text again. */
final class Tunnel implements AutoCloseable {
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private final Wire wire;

  private Tunnel(Wire wire) {
    this.wire = wire;
  }

  /** What the backend does. */
  static void serve(Script.Call call) throws IOException {
    var key = String.valueOf(call.head().field("sec-websocket-key"));
    call.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + Frames.accept(key)
            + "\r\n\r\n");
    var in = call.socket().getInputStream();
    while (true) {
      call.write(Frames.plain(Frames.read(in::readNBytes)));
    }
  }

  /**
   * Opens one.
   *
   * @throws IOException if there is no 101
   */
  static Tunnel open(InetSocketAddress address) throws IOException {
    var wire = Wire.to(address);
    wire.send(
        "GET /chat HTTP/1.1\r\nHost: chat.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
            + KEY
            + "\r\n\r\n");
    int status = wire.head().status();
    if (status != 101) {
      wire.close();
      throw new IOException("status " + status + " to a WebSocket");
    }
    return new Tunnel(wire);
  }

  void say(String text) throws IOException {
    wire.send(Frames.masked(text));
  }

  /** The next text of the server. */
  String hear() throws IOException {
    return Frames.read(wire::bytes);
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
