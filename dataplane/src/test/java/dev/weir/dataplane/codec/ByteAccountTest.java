package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import dev.weir.testsupport.Seed;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteAccountTest {
  private static final int WINDOW = 65_535;

  private final Telemetry telemetry = new Telemetry(TelemetrySettings.DEFAULT, Clock.systemUTC());
  private final ByteAccount account = new ByteAccount(telemetry.connections());

  private void promised() {
    account.promise(WINDOW);
  }

  @Test
  void beforeTheFirstReplyALargestHeadFits() {
    promised();
    account.hold(Http2HeadBlock.TABLE_SIZE);
    assertThat(account.tryHold(Http1HeadReader.MAX_HEAD)).isTrue();
    assertThat(account.tryHold(Http1HeadReader.MAX_HEAD)).isFalse();
    assertThat(account.replyRoom()).isGreaterThan(ByteAccount.LEAST_READ);
  }

  @Test
  void copiesLeaveAsMuchOfAWindowAsIsWorthAGrant() {
    promised();
    while (account.tryCopy(1000)) {
      assertThat(account.requestRoom()).isGreaterThanOrEqualTo(Http2Credit.LEAST);
    }
    assertThat(account.tryHold(1000)).isTrue();
  }

  @Test
  void laterOneHundredAndTwentyEightUsualHeadsFitBesideOpenWindows() {
    promised();
    account.trust();
    account.promise(256 * 1024 - WINDOW);
    for (int i = 0; i < 128; i++) {
      assertThat(account.tryHold(1200)).isTrue();
    }
  }

  @Test
  void whoSendsNoBodiesIsRefusedNoUsualRequestForTheSakeOfReplies() {
    promised();
    account.trust();
    account.queue(account.replyRoom());
    for (int i = 0; i < 128; i++) {
      assertThat(account.tryHold(1200)).isTrue();
    }
  }

  /** The margin is for what is read; those that wait have had their part of it. */
  @Test
  void repliesThatWaitForRoomRefuseNoRequest() {
    promised();
    account.trust();
    account.promise(256 * 1024 - WINDOW);
    for (int i = 0; i < 128; i++) {
      assertThat(account.tryHold(400)).isTrue();
    }
    account.queue(account.replyRoom());
    for (int i = 1; i <= 100; i++) {
      account.queue(ByteAccount.LEAST_READ);
      account.unasked(i);
    }
    assertThat(account.tryHold(400)).isTrue();
    assertThat(account.held() + 256 * 1024 + 28 * ByteAccount.LEAST_READ)
        .isLessThanOrEqualTo(ByteAccount.LATER);
  }

  @Test
  void howeverManyRequestsThereAreOneReplyIsReadOn() {
    promised();
    account.trust();
    while (account.tryHold(1000)) {
      assertThat(account.replyRoom()).isGreaterThanOrEqualTo(16 * 1024);
    }
    assertThat(account.replyRoom()).isGreaterThanOrEqualTo(16 * 1024);
  }

  @Test
  void howeverManyRepliesThereAreSomeRequestsFitAndSomeOfABody() {
    promised();
    account.trust();
    while (account.replyRoom() >= ByteAccount.LEAST_READ) {
      account.queue(Math.min(account.replyRoom(), ByteAccount.MOST_READ));
    }
    assertThat(account.requestRoom()).isGreaterThanOrEqualTo(16 * 1024);
    for (int i = 0; i < 10; i++) {
      assertThat(account.tryHold(1200)).isTrue();
    }
  }

  @Test
  void headsOfRepliesCountUntilTheirRepliesAreOver() {
    promised();
    account.trust();
    int replies = account.replyRoom();
    account.heads(30_000);
    assertThat(account.held()).isEqualTo(30_000);
    assertThat(account.replyRoom()).isEqualTo(replies - 30_000);
    account.heads(-30_000);
    assertThat(account.held()).isZero();
    assertThat(account.replyRoom()).isEqualTo(replies);
  }

  @Test
  void whateverHeadsOfRepliesTakeOneReplyIsReadOn() {
    promised();
    account.trust();
    account.heads(128 * 2000);
    while (account.tryHold(1000)) {
      assertThat(account.replyRoom()).isGreaterThanOrEqualTo(ByteAccount.ONE_READ);
    }
    account.heads(128 * 2000);
    assertThat(account.replyRoom()).isEqualTo(ByteAccount.ONE_READ);
    account.queue(ByteAccount.ONE_READ);
    assertThat(account.replyRoom()).as("but one at a time").isLessThan(ByteAccount.LEAST_READ);
    account.sent(ByteAccount.ONE_READ);
    assertThat(account.replyRoom()).isEqualTo(ByteAccount.ONE_READ);
  }

  @Test
  void theMostThatWasHeldIsToldByWhetherAReplyWasCompleteBefore() {
    account.hold(1000);
    account.queue(500);
    account.release(1000);
    account.trust();
    account.hold(2000);
    account.sent(500);
    account.hold(100);
    assertThat(telemetry.text())
        .contains(
            "weir_client_connection_held_bytes_max{reply=\"first\"} 1500\n",
            "weir_client_connection_held_bytes_max{reply=\"later\"} 2500\n");
  }

  /** A client that does whatever fits most, with 128 reads under way that can't be taken back. */
  @Test
  void nothingThatAClientDoesHoldsMoreThanTheLimit() {
    long seed = Seed.get();
    var random = new Random(seed);
    for (int run = 0; run < 200; run++) {
      boolean trusted = run % 2 == 0;
      assertThat(most(random, trusted))
          .as("seed %d, run %d", seed, run)
          .isLessThanOrEqualTo(trusted ? ByteAccount.LATER : ByteAccount.FIRST);
    }
  }

  private int most(Random random, boolean trusted) {
    var one = new ByteAccount(telemetry.connections());
    one.promise(WINDOW);
    int window = WINDOW;
    int reads = 0;
    if (trusted) {
      one.trust();
    }
    int streams = trusted ? 128 : 20;
    int most = 0;
    var heads = new ArrayDeque<Integer>();
    for (int i = 0; i < 3000; i++) {
      switch (random.nextInt(6)) {
        case 0 -> {
          int head = 64 + random.nextInt(Http1HeadReader.MAX_HEAD);
          if (heads.size() < streams && one.tryHold(head)) {
            heads.add(head);
          }
        }
        case 1 -> {
          int size = random.nextInt(window + 1);
          window -= size;
          one.spend(size);
          one.hold(size);
        }
        case 2 -> {
          int more = Math.min(256 * 1024 - window, one.requestRoom());
          if (more > 0) {
            window += more;
            one.promise(more);
          }
        }
        case 3 -> reads += reads < streams && one.replyRoom() >= ByteAccount.LEAST_READ ? 1 : 0;
        case 4 -> {
          if (reads > 0) {
            reads--;
            one.queue(Math.clamp(one.replyRoom(), ByteAccount.LEAST_READ, ByteAccount.MOST_READ));
          }
        }
        default -> {
          if (!heads.isEmpty() && random.nextInt(8) == 0) {
            one.release(heads.remove());
          }
        }
      }
      most = Math.max(most, one.held());
    }
    return most;
  }
}
