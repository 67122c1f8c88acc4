package dev.weir.dataplane.model;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Content types as nginx's {@code gzip_types} lists them: separated by blanks, without parameters;
 * {@code *} for all of them. {@code text/html} is always among them. Immutable.
 */
public final class MediaTypes {
  private static final String ALWAYS = "text/html";
  private static final String ALL = "*";

  private final Set<String> types;

  private MediaTypes(Set<String> types) {
    this.types = Set.copyOf(types);
  }

  /**
   * Reads a list.
   *
   * @throws IllegalArgumentException if an entry is no type; the message quotes it
   */
  public static MediaTypes parse(String list) {
    Set<String> types = new HashSet<>();
    types.add(ALWAYS);
    for (var entry : list.strip().split("\\s+", -1)) {
      if (!entry.equals(ALL) && !isType(entry)) {
        throw new IllegalArgumentException("\"" + entry + "\" is no content type");
      }
      types.add(entry.toLowerCase(Locale.ROOT));
    }
    return new MediaTypes(types);
  }

  private static boolean isType(String entry) {
    int slash = entry.indexOf('/');
    boolean plain = entry.chars().allMatch(c -> c > ' ' && c < 0x7f && ",;\"'".indexOf(c) < 0);
    return plain && slash > 0 && slash < entry.length() - 1 && entry.indexOf('/', slash + 1) < 0;
  }

  /**
   * Whether the type is listed.
   *
   * @param contentType a field's value, with or without parameters
   */
  public boolean contain(String contentType) {
    if (types.contains(ALL)) {
      return true;
    }
    int semicolon = contentType.indexOf(';');
    var type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    return types.contains(type.strip().toLowerCase(Locale.ROOT));
  }
}
