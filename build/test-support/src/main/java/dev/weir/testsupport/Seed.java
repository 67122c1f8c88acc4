package dev.weir.testsupport;

/**
 * Where random inputs of tests begin. A build's result depends on its sources alone, so that it is
 * the same number in each; {@code -Dweir.seed=N} takes another, {@code -Dweir.seed=random} one that
 * nobody has tried. Any thread.
 */
public final class Seed {
  private static final String PROPERTY = "weir.seed";
  private static final String USUAL = "20260327";

  private Seed() {}

  /** The seed of this run; tests say it where they fail. */
  public static long get() {
    var text = System.getProperty(PROPERTY, USUAL);
    return text.equals("random") ? System.nanoTime() : Long.parseLong(text);
  }
}
