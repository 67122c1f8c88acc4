package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.Refusal;
import io.netty.buffer.ByteBuf;

/** Receives what a client sends after the head, on the connection's event loop. */
public interface ServerStreamListener {
  /**
   * A piece of body that was asked for. The listener takes over {@code data}'s reference with the
   * call: whoever it gave that to by the time it throws something keeps it, and who called does
   * nothing about it.
   */
  void onBody(ByteBuf data, boolean end);

  /** The send buffer drained below its low-water mark. */
  void onWritable();

  /**
   * The body can't be read on: malformed or too slow. If the reply hasn't begun, it may still be
   * answered; the connection closes after that.
   */
  void onBodyRefused(Refusal refusal);

  /** The client or its connection is gone; nothing follows. */
  void onReset();
}
