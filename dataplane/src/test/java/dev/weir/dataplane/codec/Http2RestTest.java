package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long what is left of an answered request is waited for. */
class Http2RestTest {
  private static final long REPLY_END = 1000;
  private static final long MOST = TimeUnit.SECONDS.toNanos(60);

  private static long seconds(double count) {
    return (long) (count * TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void aClientThatHasItsReplyIsWaitedForASecond() {
    var rest = new Http2Rest(REPLY_END, 0);
    assertThat(rest.over(seconds(0.9), true, MOST)).isFalse();
    assertThat(rest.over(seconds(1), true, MOST)).isTrue();
  }

  @Test
  void aClientThatDoesNotSayThatItHasItsReplyIsNotWaitedForForEver() {
    var rest = new Http2Rest(REPLY_END, 0);
    for (int second = 1; second < 60; second++) {
      assertThat(rest.over(seconds(second), false, MOST)).isFalse();
    }
    assertThat(rest.over(seconds(60), false, MOST)).isTrue();
  }
}
