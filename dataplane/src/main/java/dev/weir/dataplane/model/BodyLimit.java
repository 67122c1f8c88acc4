package dev.weir.dataplane.model;

/**
 * The largest request body, declared or counted; above it 413.
 *
 * @param bytes 0 for no limit
 */
public record BodyLimit(long bytes) implements FilterSettings {
  @Override
  public String text() {
    return "body-limit " + size(bytes);
  }

  /** In the largest unit that is exact, as nginx writes sizes. */
  private static String size(long bytes) {
    if (bytes == 0) {
      return "off";
    }
    if (bytes % (1 << 20) == 0) {
      return (bytes >> 20) + "m";
    }
    return bytes % (1 << 10) == 0 ? (bytes >> 10) + "k" : Long.toString(bytes);
  }
}
