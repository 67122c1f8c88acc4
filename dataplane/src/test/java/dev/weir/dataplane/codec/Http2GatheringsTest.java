package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import dev.weir.testsupport.Seed;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Http2GatheringsTest {
  private static final int RECORD = 16 * 1024;

  private final ByteAccount account =
      new ByteAccount(new Telemetry(TelemetrySettings.DEFAULT, Clock.systemUTC()).connections());
  private final Http2Gatherings gatherings = new Http2Gatherings(account, this::run, () -> {});
  private final List<Part> all = new ArrayList<>();
  private int unsent;

  Http2GatheringsTest() {
    account.promise(65_535);
  }

  private void run() {
    gatherings.run();
  }

  /** A record of which the first read brought what such a read brings at least. */
  private final class Part implements ReplyParts.Part {
    private boolean admitted;

    Part() {
      gatherings.gathering(ByteAccount.LEAST_READ, 0);
      if (gatherings.admits(this)) {
        admitted();
      }
      all.add(this);
    }

    @Override
    public int missing() {
      return RECORD - ByteAccount.LEAST_READ;
    }

    @Override
    public void admitted() {
      assertThat(admitted).isFalse();
      admitted = true;
      gatherings.gathering(0, missing());
    }

    /** All of it came. */
    void ends() {
      gatherings.gathering(-ByteAccount.LEAST_READ, -missing());
      gatherings.forget(this);
      gatherings.gathered();
    }

    /** Half of it came, and then nothing. */
    void keepsSilent() {
      int half = missing() / 2;
      gatherings.gathering(half, -missing());
      gatherings.forget(this);
      gatherings.stuck(half + ByteAccount.LEAST_READ);
      gatherings.gathered();
    }
  }

  private long admitted() {
    return all.stream().filter(part -> part.admitted).count();
  }

  @Test
  void asManyAreReadAsThereIsRoomForAndTheOthersInTheirOrder() {
    for (int i = 0; i < 20; i++) {
      var _ = new Part();
    }
    assertThat(admitted()).isEqualTo(3);
    assertThat(account.held()).isLessThan(ByteAccount.FIRST);
    for (int i = 0; i < 20; i++) {
      assertThat(all.get(i).admitted).as("part %d", i).isTrue();
      all.get(i).ends();
    }
    assertThat(account.held()).isZero();
  }

  @Test
  void endpointsThatKeepSilentAreNotWaitedFor() {
    for (int i = 0; i < 10; i++) {
      var _ = new Part();
    }
    all.get(0).keepsSilent();
    for (int i = 1; i < 10; i++) {
      assertThat(all.get(i).admitted).as("part %d", i).isTrue();
      all.get(i).ends();
    }
  }

  @Test
  void endpointsThatKeepSilentTakeNoMoreThanThereIs() {
    account.trust();
    for (int i = 0; i < 128; i++) {
      var _ = new Part();
    }
    for (int i = 0; i < 128; i++) {
      if (all.get(i).admitted) {
        all.get(i).keepsSilent();
      }
    }
    assertThat(admitted()).isBetween(20L, 127L);
    assertThat(account.held()).isLessThanOrEqualTo(ByteAccount.LATER);
  }

  @Test
  void oneIsReadWhateverWholeHeadsTake() {
    account.heads(2 * ByteAccount.FIRST);
    var _ = new Part();
    var _ = new Part();
    assertThat(admitted()).isEqualTo(1);
    all.get(0).ends();
    assertThat(admitted()).isEqualTo(2);
  }

  @Test
  void oneIsReadWhateverRequestsTake() {
    while (account.tryHold(100)) {
      assertThat(account.requestRoom()).isPositive();
    }
    var _ = new Part();
    assertThat(admitted()).isEqualTo(1);
  }

  @Test
  void whoGivesUpIsNotCalled() {
    for (int i = 0; i < 5; i++) {
      var _ = new Part();
    }
    gatherings.gathering(-ByteAccount.LEAST_READ, 0);
    gatherings.forget(all.get(3));
    all.get(0).ends();
    all.get(1).ends();
    assertThat(all.get(3).admitted).isFalse();
    assertThat(all.get(4).admitted).isTrue();
  }

  /** A record that comes in reads of any size. */
  private final class Coming implements ReplyParts.Part {
    private final int size;
    private final boolean silent;
    private int came;
    private int reserved;
    private int stuck;
    private boolean waits;

    Coming(int size, boolean silent) {
      this.size = size;
      this.silent = silent;
    }

    boolean over() {
      return came == size;
    }

    void read(Random random) {
      if (waits || over()) {
        return;
      }
      if (silent && came >= size / 2) {
        keepSilent();
        return;
      }
      int most = Math.max(reserved, Math.max(ByteAccount.LEAST_READ, account.partRoom()));
      int end = silent ? size - 1 : size;
      int more = Math.min(end - came, 1 + random.nextInt(most));
      came += more;
      gatherings.gathering(more, -Math.min(more, reserved));
      reserved -= Math.min(more, reserved);
      if (over()) {
        gatherings.gathering(-size, -reserved);
        account.queue(size);
        unsent += size;
        gatherings.forget(this);
        gatherings.gathered();
      } else if (reserved < missing()) {
        gatherings.gathering(0, -reserved);
        reserved = 0;
        waits = !gatherings.admits(this);
        if (!waits) {
          reserve();
        }
      }
    }

    private void keepSilent() {
      if (reserved > 0) {
        gatherings.gathering(0, -reserved);
        reserved = 0;
        gatherings.forget(this);
        stuck = came;
        gatherings.stuck(stuck);
        gatherings.gathered();
      }
    }

    private void giveUp() {
      gatherings.stuck(-stuck);
      gatherings.gathering(-came, -reserved);
      gatherings.forget(this);
    }

    private void reserve() {
      reserved = missing();
      gatherings.gathering(0, reserved);
    }

    @Override
    public int missing() {
      return size - came;
    }

    @Override
    public void admitted() {
      waits = false;
      reserve();
    }
  }

  /** Reads of all sizes in any order, and a client that takes replies when it likes. */
  @Test
  void allComeToTheirEndWithinTheLimit() {
    long seed = Seed.get();
    var random = new Random(seed);
    account.trust();
    for (int run = 0; run < 50; run++) {
      var silent = coming(random, 5, true);
      var others = coming(random, 123, false);
      var left = new ArrayList<>(others);
      left.addAll(silent);
      int steps = 0;
      while (left.size() > silent.size()) {
        assertThat(steps++).as("seed %d, run %d", seed, run).isLessThan(1_000_000);
        left.get(random.nextInt(left.size())).read(random);
        left.removeIf(Coming::over);
        if (random.nextInt(4) == 0) {
          account.sent(unsent);
          unsent = 0;
          gatherings.gathered();
        }
        assertThat(account.held()).as("seed %d", seed).isLessThanOrEqualTo(ByteAccount.LATER);
      }
      silent.forEach(Coming::giveUp);
      account.sent(unsent);
      unsent = 0;
      assertThat(account.held()).isZero();
      assertThat(gatherings.isEmpty()).isTrue();
    }
  }

  private List<Coming> coming(Random random, int count, boolean silent) {
    var all = new ArrayList<Coming>();
    for (int i = 0; i < count; i++) {
      all.add(new Coming(100 + random.nextInt(RECORD), silent));
    }
    return all;
  }
}
