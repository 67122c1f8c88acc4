package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a connection whose last reply is written waits for its client. */
class LingeringTest {
  private static final long SEND = TimeUnit.SECONDS.toNanos(60);

  private final Lingering lingering = new Lingering();

  @BeforeEach
  void begin() {
    assertThat(lingering.reads()).isFalse();
    lingering.begin(0);
    assertThat(lingering.reads()).isTrue();
  }

  private static long at(int seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void aSilentClientThatHasItAllIsNotWaitedFor() {
    assertThat(lingering.over(at(1), SEND, true)).isTrue();
  }

  @Test
  void aClientThatSendsOnHasNotSeenTheReply() {
    for (int second = 1; second < 5; second++) {
      lingering.discarded(1000);
      assertThat(lingering.over(at(second), SEND, true)).isFalse();
    }
    lingering.discarded(1000);
    assertThat(lingering.over(at(5), SEND, true)).isTrue();
  }

  @Test
  void aClientThatSendsMuchIsReadNoMore() {
    for (int read = 0; read <= Lingering.MOST_READ; read += 64 * 1024) {
      assertThat(lingering.reads()).isTrue();
      lingering.discarded(64 * 1024);
    }
    assertThat(lingering.reads()).isFalse();
    assertThat(lingering.over(at(1), SEND, true)).isFalse();
    assertThat(lingering.over(at(2), SEND, true)).isTrue();
  }

  @Test
  void whatIsNotAcknowledgedIsWaitedForAsLongAsAReplyMayTake() {
    assertThat(lingering.over(at(10), SEND, false)).isFalse();
    assertThat(lingering.over(at(60), SEND, false)).isTrue();
  }
}
