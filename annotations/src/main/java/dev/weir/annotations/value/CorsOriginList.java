package dev.weir.annotations.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Origins that users name, sorted into what is one and what isn't.
 *
 * @param origins lower-case; {@code *} alone if it is among them
 * @param others as written
 */
public record CorsOriginList(List<String> origins, List<String> others) {
  private static final Pattern ORIGIN =
      Pattern.compile(
          "[a-z][a-z0-9+.-]{0,31}://(?:\\*\\.)?[a-z0-9-]{1,63}(?:\\.[a-z0-9-]{1,63}){0,30}"
              + "(?::[0-9]{1,5})?");

  public CorsOriginList {
    origins = List.copyOf(origins);
    others = List.copyOf(others);
  }

  /** Reads {@code scheme://host:port}, {@code scheme://*.host}, {@code null} and {@code *}. */
  public static CorsOriginList parse(String text) {
    var origins = new ArrayList<String>();
    var others = new ArrayList<String>();
    for (var entry : CommaList.parse(text)) {
      var origin = entry.toLowerCase(Locale.ROOT);
      boolean good =
          origin.equals("*") || origin.equals("null") || ORIGIN.matcher(origin).matches();
      if (good && !origins.contains(origin)) {
        origins.add(origin);
      } else if (!good) {
        others.add(entry);
      }
    }
    return new CorsOriginList(origins.contains("*") ? List.of("*") : origins, others);
  }

  /** The origins as users write them. */
  @Override
  public String toString() {
    return String.join(", ", origins);
  }
}
