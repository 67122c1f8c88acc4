package dev.weir.dataplane.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.model.ReplyRate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReplyPaceTest {
  private static final int RATE = 8_000;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final TreeMap<Long, Runnable> planned = new TreeMap<>();
  private final Outlet outlet = new Outlet();
  private long now = -5_000_000_000L;

  private static final class Outlet implements ReplyPace.Outlet {
    private boolean writable = true;
    private long bytes;
    private int pieces;
    private boolean ended;
    private int drained;

    @Override
    public boolean writable() {
      return writable;
    }

    @Override
    public void send(ByteBuf data, boolean last) {
      assertThat(ended).isFalse();
      bytes += data.readableBytes();
      pieces++;
      ended = last;
      data.release();
    }

    @Override
    public void drained() {
      drained++;
    }
  }

  private ReplyPace pace(long after) {
    return new ReplyPace(
        new ReplyRate(RATE, after),
        () -> now,
        (nanos, task) -> {
          long at = now + nanos;
          planned.put(at, task);
          return cancelling(at);
        },
        outlet);
  }

  private FilterOutcome.Handle cancelling(long at) {
    return () -> planned.remove(at);
  }

  private void pass(long nanos) {
    long until = now + nanos;
    while (!planned.isEmpty() && planned.firstKey() <= until) {
      var next = planned.pollFirstEntry();
      now = next.getKey();
      next.getValue().run();
    }
    now = until;
  }

  private static ByteBuf bytes(int count) {
    return Unpooled.buffer(count).writeZero(count);
  }

  @Test
  void aSecondsWorthGoesAtOnceAndTheRestAsTimePasses() {
    var pace = pace(0);
    pace.send(bytes(5 * RATE), true);
    assertThat(outlet.bytes).isEqualTo(RATE);
    for (int second = 2; second <= 5; second++) {
      assertThat(pace.holds()).isTrue();
      pass(SECOND);
      assertThat(outlet.bytes).isBetween((long) second * RATE - RATE / 8L, (long) second * RATE);
    }
    pass(SECOND);
    assertThat(outlet.ended).isTrue();
    assertThat(outlet.bytes).isEqualTo(5 * RATE);
    assertThat(outlet.pieces).isLessThan(50);
    assertThat(planned).isEmpty();
  }

  @Test
  void whatIsBelowTheFirstBytesGoesAtFullSpeed() {
    var pace = pace(100_000);
    pace.send(bytes(100_000), false);
    assertThat(outlet.bytes).isEqualTo(100_000);
    assertThat(pace.holds()).isFalse();
    pace.send(bytes(2 * RATE), true);
    assertThat(outlet.bytes).isEqualTo(100_000 + RATE);
    pass(SECOND);
    assertThat(outlet.ended).isTrue();
  }

  @Test
  void moreIsAskedForOnlyWhenNothingWaits() {
    var pace = pace(0);
    pace.send(bytes(RATE), false);
    assertThat(outlet.drained).isZero();
    assertThat(pace.holds()).isFalse();
    pace.send(bytes(RATE), false);
    pace.send(bytes(RATE), false);
    assertThat(pace.holds()).isTrue();
    pass(SECOND);
    assertThat(outlet.drained).isZero();
    pass(2 * SECOND);
    assertThat(outlet.drained).isEqualTo(1);
    assertThat(outlet.bytes).isEqualTo(3 * RATE);
  }

  @Test
  void aClientThatTakesNothingIsWaitedFor() {
    var pace = pace(0);
    outlet.writable = false;
    pace.send(bytes(10), false);
    assertThat(outlet.bytes).isZero();
    pass(SECOND);
    assertThat(outlet.bytes).isZero();
    outlet.writable = true;
    pace.onWritable();
    assertThat(outlet.bytes).isEqualTo(10);
    assertThat(outlet.drained).isEqualTo(1);
  }

  @Test
  void anEmptyLastPieceEndsTheBody() {
    var pace = pace(0);
    pace.send(bytes(RATE), false);
    pace.send(bytes(0), true);
    assertThat(outlet.ended).isTrue();
  }

  @Test
  void whatWaitsIsLetGo() {
    var pace = pace(0);
    var waiting = bytes(3 * RATE);
    pace.send(waiting, true);
    assertThat(waiting.refCnt()).isPositive();
    pace.cancel();
    assertThat(waiting.refCnt()).isZero();
    assertThat(planned).isEmpty();
  }
}
