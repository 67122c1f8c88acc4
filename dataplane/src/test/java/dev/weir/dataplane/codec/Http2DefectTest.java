package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.wire.OwnReply;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong with one request, on our side or an endpoint's, is no matter of the others. */
class Http2DefectTest {
  private static final int INTERNAL_ERROR = 2;

  /** Fails where the target says, and answers what asks for nothing else. */
  private static final class Handler implements RequestHandler {
    private final ConcurrentLinkedQueue<String> resets = new ConcurrentLinkedQueue<>();

    /** Pieces of bodies that were given to somebody else. */
    private final BlockingQueue<ByteBuf> kept = new LinkedBlockingQueue<>();

    @Override
    public ServerStreamListener onRequest(ServerStream stream, RequestHead head) {
      var target = head.target();
      failAt(target, "/request");
      if (target.equals("/waits")) {
        stream.sendHead(OwnReply.of(200, 3), new HeadEdits(), false);
      } else if (target.equals("/no-content")) {
        var length = List.of("content-length: 3");
        stream.sendHead(new OwnReply(204, "", length, 3), new HeadEdits(), true);
      } else {
        stream.read();
      }
      return new ServerStreamListener() {
        @Override
        public void onBody(ByteBuf data, boolean end) {
          if (target.equals("/kept")) {
            kept.add(data);
            throw new IllegalStateException("a defect behind " + target);
          }
          data.release();
          failAt(target, "/body");
          stream.sendHead(OwnReply.of(200, 0), new HeadEdits(), true);
        }

        @Override
        public void onWritable() {}

        @Override
        public void onBodyRefused(Refusal refusal) {
          failAt(target, "/refused");
        }

        @Override
        public void onReset() {
          resets.add(target);
          failAt(target, "/reset");
        }
      };
    }

    private static void failAt(String target, String place) {
      if (target.equals(place)) {
        throw new IllegalStateException("a defect at " + place);
      }
    }

    @Override
    public void onRefused(ServerStream stream, Refusal refusal, CharSequence line) {
      stream.sendHead(OwnReply.of(refusal.status(), 0), new HeadEdits(), true);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/request", "/body", "/refused", "/reset"})
  void aDefectInOneRequestResetsItsStreamAlone(String target) throws Exception {
    var handler = new Handler();
    try (var server = new Http2TestServer(handler, Duration.ofSeconds(30));
        var client = server.client(1 << 16)) {
      int other = client.get("/waits");
      assertThat(client.awaitHead(other).status()).isEqualTo(200);
      int id = client.post(target, "content-length", "2");
      switch (target) {
        case "/reset" -> client.reset(id, 8);
        // A byte more than announced is refused.
        case "/refused" -> client.data(id, "abc", true);
        default -> client.data(id, "ab", true);
      }
      if (!target.equals("/reset")) {
        assertThat(client.await(id).resetCode()).isEqualTo(INTERNAL_ERROR);
      }
      int next = client.post("/", "content-length", "2");
      client.data(next, "ab", true);
      assertThat(client.await(next).status()).isEqualTo(200);
      assertThat(client.received(other)).isZero();
      assertThat(handler.resets).doesNotContain("/waits");
    }
  }

  /**
   * More of them than a connection may hold, so that none is forgotten; that none is released twice
   * or never, who holds them and the leak detector see.
   */
  @ParameterizedTest
  @ValueSource(strings = {"/body", "/kept"})
  void aPieceOfBodyBelongsToWhoGotItAlsoIfThatFails(String target) throws Exception {
    var handler = new Handler();
    try (var server = new Http2TestServer(handler, Duration.ofSeconds(30));
        var client = server.client(1 << 16)) {
      for (int i = 0; i < 60; i++) {
        int id = client.post(target, "content-length", "16000");
        await().pollInterval(Duration.ofMillis(1)).until(() -> !client.mayNotSend(id, 16_000));
        client.data(id, "x".repeat(16_000), false);
        assertThat(client.await(id).resetCode()).isEqualTo(INTERNAL_ERROR);
        if (target.equals("/kept")) {
          var data = handler.kept.take();
          assertThat(data.refCnt()).isOne();
          assertThat(data.isReadable()).isTrue();
          assertThat(data.release()).isTrue();
        }
      }
      int next = client.post("/", "content-length", "2");
      client.data(next, "ab", true);
      assertThat(client.await(next).status()).isEqualTo(200);
    }
  }

  @Test
  void aReplyWithoutContentHasNoLength() throws Exception {
    try (var server = new Http2TestServer(new Handler(), Duration.ofSeconds(30));
        var client = server.client(1 << 16)) {
      var reply = client.await(client.get("/no-content"));
      assertThat(reply.status()).isEqualTo(204);
      assertThat(reply.field("content-length")).isEmpty();
    }
  }
}
