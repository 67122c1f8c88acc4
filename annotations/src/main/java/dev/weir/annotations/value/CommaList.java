package dev.weir.annotations.value;

import java.util.Arrays;
import java.util.List;

/** Texts separated by commas. */
public final class CommaList {
  private CommaList() {}

  /** The texts without surrounding blanks; empty ones are left out. */
  public static List<String> parse(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(entry -> !entry.isEmpty())
        .toList();
  }
}
