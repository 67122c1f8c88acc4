package dev.weir.dataplane.codec;

import io.netty.handler.codec.http2.Http2Error;

/**
 * How many bytes of request bodies the client may send on the whole connection (RFC 9113 5.2). What
 * came is granted again at once, as long as the connection holds little: so a request whose body
 * nobody takes doesn't stop the others. A single stream's window is granted only as its body is
 * taken, by {@link Http2ServerStream}.
 *
 * <p>Owned by the connection's event loop.
 */
final class Http2Credit {
  static final int LATER = 256 * 1024;

  /** Less isn't worth a frame. */
  static final int LEAST = 16 * 1024;

  private final Http2Output output;
  private final ByteAccount held;
  private final Runnable onNoRoom;
  private int target = Http2Frame.USUAL_WINDOW;
  private int window = Http2Frame.USUAL_WINDOW;
  private int shuts;
  private boolean trusted;

  /**
   * Grants what clients have by themselves (RFC 9113 6.9.2).
   *
   * @param onNoRoom is told when more would be granted if there were room
   */
  Http2Credit(Http2Output output, ByteAccount held, Runnable onNoRoom) {
    this.onNoRoom = onNoRoom;
    held.promise(window);
    this.output = output;
    this.held = held;
  }

  /** A first reply was complete: more is granted once the client sends a body. */
  void trust() {
    trusted = true;
    raise();
  }

  private void raise() {
    if (trusted && window < Http2Frame.USUAL_WINDOW) {
      target = LATER;
    }
  }

  /** The client sends so many bytes, padding included. */
  void spend(int bytes) throws Http2Fault {
    window -= bytes;
    held.spend(bytes);
    raise();
    if (window == 0) {
      shuts++;
    } else if (window < 0) {
      throw new Http2Fault(Http2Error.FLOW_CONTROL_ERROR, "more DATA than the connection allows");
    }
  }

  /** Whether the client may send nothing just now. */
  boolean isShut() {
    return window == 0;
  }

  /** How often that came. */
  int shuts() {
    return shuts;
  }

  /** Grants what is missing, if enough is missing, and as far as it fits. */
  void grant() {
    int missing = target - window;
    int more = Math.min(missing, held.requestRoom());
    if (missing < target / 2) {
      return;
    }
    if (more >= LEAST) {
      window += more;
      held.promise(more);
      output.windowUpdate(0, more);
    } else {
      onNoRoom.run();
    }
  }
}
