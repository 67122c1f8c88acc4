package dev.weir.dataplane.upstream;

import dev.weir.dataplane.codec.CountedBytes;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * What was handed to TLS and is not sent yet. The records that TLS makes of a request's body wait
 * for the endpoint as the body itself would without TLS, so they count for the client's connection
 * in its place. Owned by the connection's event loop.
 */
final class SealedBytes {
  /** Of a write that counts for nobody. */
  private static final CountedBytes NOBODYS =
      new CountedBytes() {
        @Override
        public void countUntilSent() {}

        @Override
        public void sent() {}
      };

  /** One for each write, in their order. */
  private final ArrayDeque<CountedBytes> writes = new ArrayDeque<>(8);

  /** These bytes are about to be written. */
  void add(ByteBuf data) {
    if (data instanceof CountedBytes counted) {
      counted.countUntilSent();
      writes.add(counted);
    } else {
      writes.add(NOBODYS);
    }
  }

  /** The first of the writes that are under way has ended. */
  void written() {
    var first = writes.poll();
    if (first != null) {
      first.sent();
    }
  }

  /** None of them will be told of any more. */
  void clear() {
    while (!writes.isEmpty()) {
      written();
    }
  }
}
