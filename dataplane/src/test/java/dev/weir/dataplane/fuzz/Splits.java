package dev.weir.dataplane.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/** Ways in which bytes may arrive in pieces, chosen by the bytes themselves. */
final class Splits {
  private static final int ALL_BELOW = 300;
  private static final RandomGeneratorFactory<?> GENERATOR =
      RandomGeneratorFactory.of("SplittableRandom");

  private Splits() {}

  /** Places where pieces end: one, several, and for short input every byte by itself. */
  static List<int[]> of(byte[] bytes) {
    if (bytes.length < 2) {
      return List.of();
    }
    var random = GENERATOR.create(Arrays.hashCode(bytes));
    int[] one = {1 + random.nextInt(bytes.length - 1)};
    var several = random.ints(1 + random.nextInt(8), 1, bytes.length).sorted().distinct().toArray();
    return bytes.length < ALL_BELOW
        ? List.of(one, several, IntStream.range(1, bytes.length).toArray())
        : List.of(one, several);
  }
}
