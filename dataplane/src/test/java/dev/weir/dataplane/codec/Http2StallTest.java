package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.h2.Http2Client;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Clients that stall their streams: none is held for longer than the time to send. */
class Http2StallTest {
  private static final int BODY = 32 * 1024;
  private static final int PIECE = 20_000;
  private static final int CANCEL = 8;

  /** A server whose replies are larger than a first window. */
  private static final class Server implements AutoCloseable, RequestHandler {
    private final AtomicInteger resets = new AtomicInteger();
    private final Http2TestServer server;

    Server(Duration send) {
      server = new Http2TestServer(this, send);
    }

    Http2Client client(int window) throws Exception {
      return server.client(window);
    }

    @Override
    public ServerStreamListener onRequest(ServerStream stream, RequestHead head) {
      stream.sendHead(new Reply(), new HeadEdits(), false);
      if (head.target().equals("/whole")) {
        stream.sendBody(Unpooled.buffer(BODY).writeZero(BODY), true);
      } else if (head.target().equals("/pieces")) {
        // Less than the socket's mark, and all the room that there is.
        stream.sendBody(Unpooled.buffer(PIECE).writeZero(PIECE), false);
        assertThat(stream.writable()).isFalse();
      } else if (!head.target().equals("/held")) {
        stream.sendBody(Unpooled.buffer(1000).writeZero(1000), false);
        assertThat(stream.writable()).isFalse();
      }
      return new ServerStreamListener() {
        @Override
        public void onBody(ByteBuf data, boolean end) {
          data.release();
        }

        @Override
        public void onWritable() {
          if (head.target().equals("/pieces")) {
            stream.sendBody(Unpooled.buffer(BODY - PIECE).writeZero(BODY - PIECE), true);
          }
        }

        @Override
        public void onBodyRefused(Refusal refusal) {}

        @Override
        public void onReset() {
          resets.incrementAndGet();
        }
      };
    }

    @Override
    public void onRefused(ServerStream stream, Refusal refusal, CharSequence line) {
      throw new AssertionError(refusal);
    }

    @Override
    public void close() {
      server.close();
    }
  }

  private record Reply() implements ReplyHead {
    @Override
    public int status() {
      return 200;
    }

    @Override
    public String reason() {
      return "";
    }

    @Override
    public ByteFields fields() {
      return new ByteFields();
    }

    @Override
    public long bodyLength() {
      return BODY;
    }
  }

  @Test
  void aStreamOfWhichNothingIsTakenIsGivenUpAndTheConnectionGoesOn() throws Exception {
    try (var server = new Server(Duration.ofMillis(400));
        var client = server.client(1000)) {
      int whole = client.get("/whole");
      int begun = client.get("/begun");
      for (int id : new int[] {whole, begun}) {
        client.awaitReset(id);
        assertThat(client.await(id).resetCode()).isEqualTo(CANCEL);
      }
      // The first had been handed over as a whole: nobody waited for it any more.
      assertThat(server.resets.get()).isEqualTo(1);
      client.grant(0, BODY);
      int good = client.get("/whole");
      client.grant(good, BODY);
      assertThat(client.await(good).body()).hasSize(BODY);
    }
  }

  @Test
  void aStreamOfWhichALittleWasTakenIsGivenUpTooWhenNoMoreIs() throws Exception {
    // Long enough to grant more in, on a machine that is busy.
    try (var server = new Server(Duration.ofSeconds(2));
        var client = server.client(1000)) {
      int id = client.get("/whole");
      client.awaitBody(id, 1000);
      client.grant(id, 100);
      client.awaitBody(id, 1100);
      client.awaitReset(id);
      assertThat(client.await(id).resetCode()).isEqualTo(CANCEL);
    }
  }

  @Test
  void aReplyGoesOnBesideRequestsThatFillTheConnection() throws Exception {
    try (var server = new Server(Duration.ofSeconds(30));
        var client = server.client(1 << 20)) {
      int held = client.post("/held");
      for (int i = 0; i < 2; i++) {
        client.data(held, "x".repeat(16_384), false);
      }
      await().until(() -> client.granted(0) > 0);
      int id = client.get("/pieces");
      assertThat(client.await(id).body()).hasSize(BODY);
      // What is held goes with its stream.
      client.reset(held, CANCEL);
      await().until(() -> server.resets.get() == 1);
    }
  }

  @Test
  void aClientThatTakesALittleInTimeGetsAllOfIt() throws Exception {
    try (var server = new Server(Duration.ofSeconds(2));
        var client = server.client(1000)) {
      int id = client.get("/whole");
      for (int i = 1; i <= 6; i++) {
        int size = 1000 * i;
        client.awaitBody(id, size);
        long since = System.nanoTime();
        await().until(() -> System.nanoTime() - since > Duration.ofMillis(400).toNanos());
        client.grant(id, 1000);
      }
      client.grant(0, BODY);
      client.grant(id, BODY);
      assertThat(client.await(id).body()).hasSize(BODY);
    }
  }
}
