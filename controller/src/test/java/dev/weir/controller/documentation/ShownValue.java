package dev.weir.controller.documentation;

import dev.weir.annotations.value.ByteSize;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes a setting's default as a user would. */
final class ShownValue {
  private ShownValue() {}

  static String of(Object value) {
    return switch (value) {
      case Duration time -> time.toSeconds() < 3600 ? time.toSeconds() + "" : time.toHours() + "h";
      case ByteSize size -> of(size.bytes());
      case Enum<?> word -> word.name().toLowerCase(Locale.ROOT);
      case Optional<?> some -> some.map(ShownValue::of).orElse("");
      case Collection<?> all ->
          all.stream().map(ShownValue::of).sorted().collect(Collectors.joining(", "));
      default -> value.toString();
    };
  }

  private static String of(long bytes) {
    if (bytes > 0 && bytes % (1 << 20) == 0) {
      return (bytes >> 20) + "m";
    }
    return bytes > 0 && bytes % (1 << 10) == 0 ? (bytes >> 10) + "k" : Long.toString(bytes);
  }
}
