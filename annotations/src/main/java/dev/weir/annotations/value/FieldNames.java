package dev.weir.annotations.value;

import java.util.List;
import java.util.Locale;

/** Names of fields, separated by commas. */
public final class FieldNames {
  private FieldNames() {}

  /** The names in lower case, each once. */
  public static List<String> parse(String text) throws InvalidValueException {
    for (var name : CommaList.parse(text)) {
      if (!name.matches("[A-Za-z0-9_-]+")) {
        throw new InvalidValueException("comma-separated names of header fields");
      }
    }
    return CommaList.parse(text).stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .distinct()
        .toList();
  }
}
