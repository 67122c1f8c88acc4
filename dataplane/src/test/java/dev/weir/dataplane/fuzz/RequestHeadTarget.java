package dev.weir.dataplane.fuzz;

/** Whatever a client sends, from the first byte. */
public final class RequestHeadTarget {
  private RequestHeadTarget() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    RequestOracle.check(input);
  }
}
