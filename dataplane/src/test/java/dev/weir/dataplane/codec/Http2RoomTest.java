package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.h2.Http2Client;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.wire.OwnReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Room that one stream gives back goes to those that wait for some, and nothing is mixed up. */
class Http2RoomTest {
  private static final int SOME = 60_000;
  private static final int PIECE = 1000;

  /** What may come in any case beside that, and what comes only when it is let go. */
  private static final int SURELY = 330_000;

  private static final int LATER = 390_000;

  /** Keeps bodies; {@code /copy} and {@code /late} hold some until told otherwise. */
  private static final class Handler implements RequestHandler {
    private final Queue<ByteBuf> kept = new ConcurrentLinkedQueue<>();
    private final AtomicInteger bytes = new AtomicInteger();
    private final BlockingQueue<ServerStream> holder = new LinkedBlockingQueue<>();
    private final AtomicInteger writable = new AtomicInteger();

    @Override
    public ServerStreamListener onRequest(ServerStream stream, RequestHead head) {
      var target = head.target();
      if (target.equals("/done")) {
        stream.sendHead(OwnReply.of(204, 0), new HeadEdits(), true);
      } else if (target.equals("/keep")) {
        stream.read();
      } else {
        holder.add(stream);
        if (target.equals("/copy") && !stream.hold(SOME)) {
          throw new AssertionError("no room");
        }
      }
      return new ServerStreamListener() {
        @Override
        public void onBody(ByteBuf data, boolean end) {
          kept.add(data);
          bytes.addAndGet(data.readableBytes());
          stream.read();
        }

        @Override
        public void onWritable() {
          if (target.equals("/order") && writable.getAndIncrement() == 0) {
            stream.sendBody(letters('c', PIECE), true);
          }
        }

        @Override
        public void onBodyRefused(Refusal refusal) {
          throw new AssertionError(refusal);
        }

        @Override
        public void onReset() {}
      };
    }

    @Override
    public void onRefused(ServerStream stream, Refusal refusal, CharSequence line) {
      throw new AssertionError(refusal);
    }

    /** Does that with the stream that holds something, on its loop. */
    void tell(Consumer<ServerStream> what) throws InterruptedException {
      var stream = holder.take();
      stream.downstream().loop().submit(() -> what.accept(stream)).syncUninterruptibly();
    }

    void release() {
      kept.forEach(ByteBuf::release);
    }
  }

  private static ByteBuf letters(char letter, int count) {
    return Unpooled.copiedBuffer(String.valueOf(letter).repeat(count), StandardCharsets.US_ASCII);
  }

  private static int sendAllowed(Http2Client client, int... ids) throws Exception {
    int sent = 0;
    for (int id : ids) {
      while (!client.mayNotSend(id, PIECE)) {
        client.data(id, "x".repeat(PIECE), false);
        sent += PIECE;
      }
    }
    return sent;
  }

  @ParameterizedTest
  @ValueSource(strings = {"/copy", "/late"})
  void roomThatIsGivenBackIsGrantedToOthers(String target) throws Exception {
    var handler = new Handler();
    try (var server = new Http2TestServer(handler, Duration.ofSeconds(30));
        var client = server.client(PIECE)) {
      // From now on a connection may hold more.
      assertThat(client.await(client.get("/done")).status()).isEqualTo(204);
      client.awaitStreamsAllowed(128);
      int holds = client.post(target);
      if (target.equals("/late")) {
        for (int i = 0; i < SOME / PIECE; i++) {
          assertThat(client.mayNotSend(holds, PIECE)).isFalse();
          client.data(holds, "x".repeat(PIECE), false);
        }
      }
      var ids = new int[8];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = client.post("/keep");
      }
      int[] sent = {0};
      await()
          .during(Duration.ofMillis(200))
          .until(
              () -> {
                int more = sendAllowed(client, ids);
                sent[0] += more;
                return more == 0 && handler.bytes.get() == sent[0];
              });
      assertThat(sent[0]).isBetween(SURELY, LATER - 1);
      handler.tell(
          stream -> {
            if (target.equals("/copy")) {
              stream.letGo(SOME);
            } else {
              stream.sendHead(OwnReply.of(200, 3 * PIECE), new HeadEdits(), false);
              // Most of it waits for the client; of the request nothing is wanted any more.
              stream.sendBody(letters('a', 3 * PIECE), true);
            }
          });
      await()
          .until(
              () -> {
                sent[0] += sendAllowed(client, ids);
                return sent[0] >= LATER;
              });
      await().until(() -> handler.bytes.get() == sent[0]);
      handler.release();
    }
  }

  /** Enough for the socket to take some in between, whereupon there is room again. */
  @Test
  void aPieceThatIsBeingSentIsNotOvertakenByTheNext() throws Exception {
    var handler = new Handler();
    try (var server = new Http2TestServer(handler, Duration.ofSeconds(30));
        var client = server.client(1 << 20)) {
      int held = client.post("/keep");
      for (int i = 0; i < 2; i++) {
        client.data(held, "x".repeat(16_384), false);
      }
      await().until(() -> client.granted(0) > 0);
      int id = client.get("/order");
      handler.tell(
          stream -> {
            stream.sendHead(OwnReply.of(200, 103_000), new HeadEdits(), false);
            stream.sendBody(letters('a', 20_000), false);
            assertThat(stream.writable()).isFalse();
            stream.sendBody(letters('b', 82_000), false);
          });
      assertThat(client.await(id).body())
          .isEqualTo("a".repeat(20_000) + "b".repeat(82_000) + "c".repeat(PIECE));
      handler.release();
    }
  }
}
