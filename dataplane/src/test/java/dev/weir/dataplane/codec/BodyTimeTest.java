package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.HttpVersion;
import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.wire.OwnReply;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whose time it is that passes between two pieces of a body. */
class BodyTimeTest {
  private static final int WINDOW = 65_535;

  /** Asks for all there is, and keeps it. */
  private static final class Keeper implements RequestHandler {
    private final ConcurrentLinkedQueue<ByteBuf> kept = new ConcurrentLinkedQueue<>();
    private final AtomicInteger bytes = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();

    @Override
    public ServerStreamListener onRequest(ServerStream stream, RequestHead head) {
      stream.read();
      return new ServerStreamListener() {
        @Override
        public void onBody(ByteBuf data, boolean end) {
          kept.add(data);
          bytes.addAndGet(data.readableBytes());
          stream.read();
        }

        @Override
        public void onWritable() {}

        @Override
        public void onBodyRefused(Refusal refusal) {
          refusals.incrementAndGet();
          stream.sendHead(OwnReply.of(refusal.status(), 0), new HeadEdits(), true);
        }

        @Override
        public void onReset() {}
      };
    }

    @Override
    public void onRefused(ServerStream stream, Refusal refusal, CharSequence line) {
      throw new AssertionError(refusal);
    }

    void letGo() {
      for (var data = kept.poll(); data != null; data = kept.poll()) {
        data.release();
      }
    }
  }

  @Test
  void aClientThatMaySendNothingIsNotLateAndOneThatMayAgainIs() throws Exception {
    var keeper = new Keeper();
    try (var server = server(HttpVersion.HTTP_2, keeper);
        var client = server.client(1 << 16)) {
      int id = client.post("/", "content-length", "200000");
      for (int left = WINDOW; left > 0; left -= Math.min(left, 16_384)) {
        client.data(id, "x".repeat(Math.min(left, 16_384)), false);
      }
      await().until(() -> keeper.bytes.get() == WINDOW);
      await().during(Duration.ofMillis(2500)).until(() -> keeper.refusals.get() == 0);
      assertThat(client.granted(id)).isZero();
      keeper.letGo();
      await().until(() -> client.granted(id) > 0);
      assertThat(client.await(id).status()).isEqualTo(408);
      assertThat(keeper.refusals.get()).isOne();
    }
  }

  @Test
  void aClientThatIsNotReadIsNotLateAndOneThatIsAgainIs() throws Exception {
    var keeper = new Keeper();
    try (var server = server(HttpVersion.HTTP_1_1, keeper);
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      var head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n";
      var some = head + "x".repeat(32 * 1024);
      socket.getOutputStream().write(some.getBytes(StandardCharsets.US_ASCII));
      await().until(() -> keeper.bytes.get() >= 16 * 1024);
      await().during(Duration.ofMillis(2500)).until(() -> keeper.refusals.get() == 0);
      keeper.letGo();
      var answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertThat(answer).isEqualTo("HTTP/1.1 408");
      assertThat(keeper.refusals.get()).isOne();
    }
  }

  private static Http2TestServer server(HttpVersion version, Keeper keeper) {
    return new Http2TestServer(version, keeper, Duration.ofSeconds(1), Duration.ofSeconds(30));
  }
}
