package dev.weir.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final TokenBucket bucket = new TokenBucket(10, 3, now::get);

  @Test
  void aBurstIsFreeAndThenEachTokenHasItsTurn() {
    for (int i = 0; i < 3; i++) {
      assertThat(bucket.take()).isZero();
    }
    assertThat(bucket.take()).isEqualTo(Duration.ofMillis(100));
    assertThat(bucket.take()).isEqualTo(Duration.ofMillis(200));
    now.addAndGet(Duration.ofMillis(200).toNanos());
    assertThat(bucket.take()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void aQuietTimeFillsItAndNoMoreThanThat() {
    for (int i = 0; i < 10; i++) {
      bucket.take();
    }
    now.addAndGet(Duration.ofHours(1).toNanos());
    for (int i = 0; i < 3; i++) {
      assertThat(bucket.take()).isZero();
    }
    assertThat(bucket.take()).isPositive();
  }
}
