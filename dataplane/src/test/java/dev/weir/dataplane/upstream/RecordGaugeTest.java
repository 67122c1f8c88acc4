package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testsupport.Seed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordGaugeTest {
  private static final int HEAD = 5;

  /** However reads cut them. */
  @Test
  void knowsWhatIsMissingOfARecord() {
    long seed = Seed.get();
    var random = new Random(seed);
    for (int run = 0; run < 200; run++) {
      var all = Unpooled.buffer();
      var ends = new int[20];
      for (int i = 0; i < ends.length; i++) {
        int length = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(17_000);
        all.writeByte(23).writeShort(0x0303).writeShort(length).writeZero(length);
        ends[i] = all.writerIndex();
      }
      var gauge = new RecordGauge();
      var channel = new EmbeddedChannel(gauge);
      while (all.isReadable()) {
        int more = 1 + random.nextInt(random.nextBoolean() ? 8 : 20_000);
        channel.writeInbound(all.readRetainedSlice(Math.min(more, all.readableBytes())));
        ((ByteBuf) channel.readInbound()).release();
        assertMissing(gauge, ends, all.readerIndex(), "seed " + seed + ", run " + run);
      }
      all.release();
      assertThat(channel.finish()).isFalse();
    }
  }

  private static void assertMissing(RecordGauge gauge, int[] ends, int at, String text) {
    int begin = 0;
    int i = 0;
    while (i < ends.length && ends[i] <= at) {
      begin = ends[i++];
    }
    int held = at - begin;
    int missing = 0;
    if (held > 0) {
      missing = held < HEAD ? HEAD - held : ends[i] - at;
    }
    assertThat(gauge.held()).as(text).isEqualTo(held);
    assertThat(gauge.missing()).as(text).isEqualTo(missing);
  }
}
