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
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What of a client's frames is read later than it came. */
class Http2BacklogTest {
  private static final int REFUSED_STREAM = 7;
  private static final int MANY = 2000;

  /** Of so large heads six have room before a first reply. */
  private static final int FEW = 12;

  private static final int LARGE = 5000;
  private static final int BODY = 100;

  /** GET http://a/ in six bytes (RFC 7541 6.1, 6.2.2). */
  private static final byte[] SMALL_HEAD = {(byte) 0x82, (byte) 0x84, (byte) 0x86, 1, 1, 'a'};

  /** Answers {@code /} at once, and others when it is told to, with a body. */
  private static final class Handler implements RequestHandler {
    private final Queue<ServerStream> held = new ConcurrentLinkedQueue<>();
    private final AtomicInteger most = new AtomicInteger();
    private volatile boolean answers;
    private int ofTurn;

    @Override
    public ServerStreamListener onRequest(ServerStream stream, RequestHead head) {
      if (ofTurn++ == 0) {
        // It runs when the loop has looked for what else there is to read.
        var _ = stream.downstream().loop().schedule(() -> ofTurn = 0, 0, TimeUnit.NANOSECONDS);
      }
      most.accumulateAndGet(ofTurn, Math::max);
      if (head.target().equals("/")) {
        stream.sendHead(OwnReply.of(204, 0), new HeadEdits(), true);
      } else if (answers) {
        answer(stream);
      } else {
        held.add(stream);
      }
      return new ServerStreamListener() {
        @Override
        public void onBody(ByteBuf data, boolean end) {
          data.release();
        }

        @Override
        public void onWritable() {}

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

    private static void answer(ServerStream stream) {
      stream.sendHead(OwnReply.of(200, BODY), new HeadEdits(), false);
      stream.sendBody(Unpooled.buffer(BODY).writeZero(BODY), true);
    }

    /** Answers those that are there and those that come. */
    void answerAll() {
      var first = held.element();
      first
          .downstream()
          .loop()
          .submit(
              () -> {
                answers = true;
                for (var stream = held.poll(); stream != null; stream = held.poll()) {
                  answer(stream);
                }
              })
          .syncUninterruptibly();
    }
  }

  private static List<Integer> askForFew(Http2Client client) throws IOException {
    var ids = new ArrayList<Integer>();
    for (int i = 0; i < FEW; i++) {
      ids.add(
          client.request(
              true,
              ":method",
              "GET",
              ":scheme",
              "http",
              ":path",
              "/held",
              ":authority",
              "a",
              "x-large",
              "x".repeat(LARGE)));
    }
    return ids;
  }

  @Test
  void oneTurnOfTheLoopServesNoMoreThanSomeRequestsOfAConnection() throws Exception {
    var handler = new Handler();
    var bytes = Unpooled.buffer();
    for (int i = 0; i < MANY; i++) {
      int flags = Http2Client.END_STREAM | Http2Client.END_HEADERS;
      Http2Output.head(bytes, SMALL_HEAD.length, Http2Client.HEADERS, flags, 2 * i + 1);
      bytes.writeBytes(SMALL_HEAD);
    }
    var all = new byte[bytes.readableBytes()];
    bytes.readBytes(all);
    try (var server = new Http2TestServer(handler, Duration.ofSeconds(30));
        var client = server.client(1 << 16)) {
      client.bytes(all);
      for (int i = 0; i < MANY; i++) {
        assertThat(client.await(2 * i + 1).status()).isEqualTo(204);
      }
    }
    assertThat(handler.most.get()).isLessThanOrEqualTo(Http2Backlog.MOST_HEADS);
  }

  @Test
  void whatHasNoRoomIsServedOnceAReplyIsComplete() throws Exception {
    var handler = new Handler();
    try (var server = new Http2TestServer(handler, Duration.ofSeconds(30));
        var client = server.client(1 << 16)) {
      var ids = askForFew(client);
      await().until(() -> handler.held.size() >= 5);
      handler.answerAll();
      for (int id : ids) {
        assertThat(client.await(id).body()).hasSize(BODY);
      }
    }
  }

  @Test
  void whatMayHoldRepliesUpIsRead() throws Exception {
    var handler = new Handler();
    try (var server = new Http2TestServer(handler, Duration.ofSeconds(30));
        var client = server.client(BODY / 2)) {
      var ids = askForFew(client);
      await().until(() -> handler.held.size() >= 5);
      handler.answerAll();
      client.awaitReset(ids.getLast());
      for (int id : ids) {
        client.grant(id, BODY);
      }
      for (int id : ids) {
        var reply = client.await(id);
        assertThat(reply.resetCode() == REFUSED_STREAM || reply.body().length() == BODY).isTrue();
      }
      assertThat(client.await(ids.getFirst()).body()).hasSize(BODY);
    }
  }

  @Test
  void whatHasNoRoomForLongIsRefused() throws Exception {
    var handler = new Handler();
    try (var server = new Http2TestServer(handler, Duration.ofSeconds(30));
        var client = server.client(1 << 16)) {
      var ids = askForFew(client);
      assertThat(client.await(ids.getLast()).resetCode()).isEqualTo(REFUSED_STREAM);
      handler.answerAll();
      assertThat(client.await(ids.getFirst()).body()).hasSize(BODY);
    }
  }
}
