package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Tiny pieces of one read become one. */
class HeldBodyTest {
  private final UnpooledByteBufAllocator alloc = UnpooledByteBufAllocator.DEFAULT;
  private final HeldBody held = new HeldBody(alloc);

  private ByteBuf piece(String text) {
    return alloc.buffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private String taken() {
    var piece = held.take();
    try {
      return piece.toString(StandardCharsets.US_ASCII);
    } finally {
      piece.release();
    }
  }

  @Test
  void tinyPiecesAreCopiedTogetherInOrder() {
    var first = piece("a");
    assertThat(held.add(first, 100)).isTrue();
    var more = new StringBuilder("a");
    for (int i = 0; i < 50; i++) {
      var next = piece("," + i);
      assertThat(held.add(next, 100)).isTrue();
      assertThat(next.refCnt()).isZero();
      more.append(',').append(i);
    }
    assertThat(first.refCnt()).isZero();
    assertThat(taken()).hasToString(more.toString());
    assertThat(held.isEmpty()).isTrue();
  }

  @Test
  void aLargePieceIsNeverCopied() {
    var large = piece("x".repeat(5000));
    assertThat(held.add(large, 10)).isTrue();
    var small = piece("y");
    assertThat(held.add(small, 10)).isFalse();
    assertThat(held.take()).isSameAs(large);
    large.release();
    assertThat(held.add(small, 10)).isTrue();
    var other = piece("z".repeat(5000));
    assertThat(held.add(other, 10)).isFalse();
    assertThat(taken()).isEqualTo("y");
    other.release();
  }

  @Test
  void withoutAPieceAnEmptyOneIsTaken() {
    assertThat(held.isEmpty()).isTrue();
    assertThat(taken()).isEmpty();
  }
}
