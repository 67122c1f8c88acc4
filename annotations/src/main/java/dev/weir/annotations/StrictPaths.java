package dev.weir.annotations;

import dev.weir.annotations.value.Booleans;
import java.util.List;

/**
 * {@code strict-validate-path-type}: whether Exact and Prefix paths are of ordinary characters;
 * ConfigMap only. By itself it does nothing: the translation of paths asks {@link #asked}.
 */
public final class StrictPaths implements AnnotationFeature {
  private static final Setting<Boolean> STRICT =
      new Setting<>(
          Setting.Names.configMap("strict-validate-path-type"),
          true,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether Exact and Prefix paths of other characters than letters, digits and ._-/ are"
              + " reported.");

  @Override
  public List<Setting<?>> settings() {
    return List.of(STRICT);
  }

  @Override
  public String difference(Setting<?> setting) {
    return "ingress-nginx's webhook refuses such an Ingress; here it is served, with a finding.";
  }

  /** Whether a path of type Exact or Prefix, as written, is to be reported. */
  public static boolean asked(Values values, String path) {
    return values.get(STRICT) && !path.chars().allMatch(StrictPaths::isOrdinary);
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
