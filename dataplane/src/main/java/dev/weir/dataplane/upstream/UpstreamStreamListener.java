package dev.weir.dataplane.upstream;

import dev.weir.dataplane.codec.ReplyRoom;
import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.ReplyHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Receives a reply, on the stream's event loop. */
public interface UpstreamStreamListener {
  /** A 1xx other than 101, to be passed on. */
  void onInformational(ReplyHead head);

  /**
   * The final head (101 included: what follows is the raw byte stream of the upgrade, as body).
   *
   * @param end whether the reply has no body
   */
  void onHead(ReplyHead head, boolean end);

  /** A piece of body; the listener takes over {@code data}'s reference. */
  void onBody(ByteBuf data, boolean end);

  /**
   * Fields that follow the body, told before its end. Those that frame, route or authenticate are
   * left out.
   */
  default void onTrailers(Fields trailers) {}

  /** The send buffer drained below its low-water mark. */
  void onWritable();

  /** What bounds the reads of the reply; null if nothing but the size of a read does. */
  default @Nullable ReplyRoom room() {
    return null;
  }

  /** The stream failed; nothing follows. */
  void onFailure(UpstreamFailure failure);
}
