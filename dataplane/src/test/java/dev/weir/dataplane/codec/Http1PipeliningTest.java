package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.IpAddress;
import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.http.UnusualFields;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that come all at once, from a client that takes their replies late or not at all. */
class Http1PipeliningTest {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);
  private static final int REQUESTS = 5_000;
  private static final int BODY = 500;

  /** What may wait for a client, and what some replies take besides. */
  private static final int MOST = 68 * 1024;

  /** A socket that takes nothing while the client reads nothing. */
  private static final class Wire extends EmbeddedChannel {
    boolean stuck;

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
      if (!stuck) {
        super.doWrite(in);
      }
    }

    long waiting() {
      return unsafe().outboundBuffer().totalPendingWriteBytes();
    }
  }

  private record Reply(Fields fields) implements ReplyHead {
    @Override
    public int status() {
      return 200;
    }

    @Override
    public String reason() {
      return "OK";
    }

    @Override
    public long bodyLength() {
      return BODY;
    }
  }

  /** Answers at once. */
  private final class Replies implements RequestHandler, ServerStreamListener {
    @Override
    public ServerStreamListener onRequest(ServerStream stream, RequestHead head) {
      requests++;
      most = Math.max(most, wire.waiting());
      stream.sendHead(new Reply(new ByteFields()), new HeadEdits(), false);
      stream.sendBody(Unpooled.buffer(BODY).writeZero(BODY), true);
      return this;
    }

    @Override
    public void onRefused(ServerStream stream, Refusal refusal, CharSequence line) {
      throw new AssertionError(refusal);
    }

    @Override
    public void onBody(ByteBuf data, boolean end) {
      data.release();
    }

    @Override
    public void onWritable() {
      // All was written at once.
    }

    @Override
    public void onBodyRefused(Refusal refusal) {
      throw new AssertionError(refusal);
    }

    @Override
    public void onReset() {
      // Nothing to give up.
    }
  }

  private final Wire wire = new Wire();
  private int requests;
  private long most;

  /** One that waits for the next request for no time at all. */
  @BeforeEach
  void connect() {
    var limits = new ServerLimits(1, 0, HOUR, HOUR, HOUR, UnusualFields.DEFAULT, false);
    var client = new Downstream(wire.eventLoop(), IpAddress.NONE, "", false, false, 0, 0);
    var metrics = new Telemetry(TelemetrySettings.DEFAULT, Clock.systemUTC()).connections();
    wire.pipeline()
        .addLast(new Http1ServerConnection(client, () -> limits, new Replies(), metrics));
  }

  @AfterEach
  void close() {
    wire.finishAndReleaseAll();
  }

  private void sendAll() {
    var all = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(REQUESTS);
    wire.writeInbound(Unpooled.copiedBuffer(all, StandardCharsets.US_ASCII));
  }

  private long taken() {
    long bytes = 0;
    for (ByteBuf out = wire.readOutbound(); out != null; out = wire.readOutbound()) {
      bytes += out.readableBytes();
      out.release();
    }
    return bytes;
  }

  @Test
  void noRequestIsBegunWhileRepliesWaitThatTheClientDoesNotTake() {
    wire.stuck = true;
    sendAll();
    assertThat(requests).isBetween(10, REQUESTS / 10);
    assertThat(wire.waiting()).isLessThanOrEqualTo(MOST);
    // It is not the client that is late with its next request.
    wire.runScheduledPendingTasks();
    assertThat(wire.isOpen()).isTrue();
    wire.stuck = false;
    wire.flush();
    wire.runPendingTasks();
    assertThat(requests).isEqualTo(REQUESTS);
    assertThat(taken()).isGreaterThan((long) REQUESTS * BODY);
  }

  @Test
  void aClientThatTakesThemGetsThemAllWithoutMuchWaiting() {
    sendAll();
    assertThat(requests).isEqualTo(REQUESTS);
    assertThat(most).isLessThanOrEqualTo(MOST);
    assertThat(taken()).isGreaterThan((long) REQUESTS * BODY);
  }
}
