package dev.weir.dataplane.model;

import java.util.List;

/**
 * Text with variables and with groups of an expression that matched ({@code $1}), parsed once.
 *
 * @param parts in order
 */
public record Replacement(List<Part> parts) {
  /** Nothing at all. */
  public static final Replacement NONE = new Replacement(List.of());

  public Replacement {
    parts = List.copyOf(parts);
  }

  /** One piece. */
  public sealed interface Part {}

  /** What a group matched; empty if it took no part. */
  public record Group(int number) implements Part {}

  /** Text without groups. */
  public record Text(Template template) implements Part {}

  /** As written, for {@code /debug/routes}; named groups by their numbers. */
  public String text() {
    var text = new StringBuilder();
    for (var part : parts) {
      switch (part) {
        case Group(int number) -> text.append('$').append(number);
        case Text(var template) -> text.append(template.text());
      }
    }
    return text.toString();
  }

  /** The largest group that is named; 0 for none. */
  public int largestGroup() {
    int largest = 0;
    for (var part : parts) {
      if (part instanceof Group(int number)) {
        largest = Math.max(largest, number);
      }
    }
    return largest;
  }
}
