package dev.weir.annotations;

import dev.weir.annotations.value.Booleans;

/** What the operator asks of paths. */
public final class PathPolicy {
  /** {@code strict-validate-path-type}; ConfigMap only. */
  public static final Setting<Boolean> STRICT =
      new Setting<>(
          Setting.Names.configMap("strict-validate-path-type"),
          true,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether Exact and Prefix paths of other characters than letters, digits and ._-/ are"
              + " reported.");

  private PathPolicy() {}

  /** Whether a path of type Exact or Prefix, as written, is to be reported. */
  public static boolean asked(Values values, String path) {
    return values.get(STRICT) && !path.chars().allMatch(PathPolicy::isOrdinary);
  }

  private static boolean isOrdinary(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-'
        || c == '/';
  }
}
