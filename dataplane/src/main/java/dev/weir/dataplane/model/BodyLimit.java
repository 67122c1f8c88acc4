package dev.weir.dataplane.model;

/**
 * The largest request body, declared or counted; above it 413.
 *
 * @param bytes 0 for no limit
 */
public record BodyLimit(long bytes) implements FilterSettings {
  @Override
  public String text() {
    return "body-limit " + (bytes == 0 ? "off" : bytes);
  }
}
