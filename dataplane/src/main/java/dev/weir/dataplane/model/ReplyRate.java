package dev.weir.dataplane.model;

/**
 * How fast the body of one reply may go to the client (ingress-nginx.md 1.3, 108 and 109).
 *
 * @param bytesPerSecond more than 0
 * @param after bytes that go at full speed
 */
public record ReplyRate(long bytesPerSecond, long after) implements FilterSettings {
  @Override
  public String text() {
    var late = after == 0 ? "" : " after " + kilobytes(after);
    return "limit-rate " + kilobytes(bytesPerSecond) + late;
  }

  private static String kilobytes(long bytes) {
    return bytes % 1024 == 0 ? bytes / 1024 + "k" : Long.toString(bytes);
  }
}
