package dev.weir.dataplane.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

class ReplayBufferTest {
  @Test
  void aSmallPieceDoesNotKeepTheBufferItWasReceivedIn() {
    var received = ByteBufAllocator.DEFAULT.buffer(4096).writeZero(4096);
    var replay = new ReplayBuffer(bytes -> true, bytes -> {});
    replay.add(received.slice(10, 1));
    replay.add(received.slice(20, 1));
    assertThat(received.refCnt()).isOne();
    assertThat(replay.whole()).isTrue();
    replay.giveUp();
    assertThat(received.release()).isTrue();
  }

  @Test
  void aBodyAboveTheLimitIsNotKept() {
    var piece = ByteBufAllocator.DEFAULT.buffer().writeZero(ReplayBuffer.LIMIT);
    var replay = new ReplayBuffer(bytes -> true, bytes -> {});
    replay.add(piece);
    assertThat(replay.whole()).isTrue();
    replay.add(piece.slice(0, 1));
    assertThat(replay.whole()).isFalse();
    piece.release();
  }

  @Test
  void aPieceThatCouldNotBeKeptIsReleased() {
    var buffer =
        new ReplayBuffer(
            bytes -> {
              throw new IllegalStateException("a defect of who counts");
            },
            bytes -> {});
    var piece = ByteBufAllocator.DEFAULT.buffer().writeZero(100);
    assertThatThrownBy(() -> buffer.add(piece)).isInstanceOf(IllegalStateException.class);
    assertThat(piece.refCnt()).isZero();
  }
}
