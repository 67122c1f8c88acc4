package dev.weir.annotations;

import dev.weir.annotations.value.ValueParser;
import java.util.List;

/**
 * One thing a user may set: as an annotation, as a ConfigMap key, or both; and what it is without
 * either. Settings are declared once, as constants, and compared by identity.
 *
 * @param names what it is called
 * @param defaultValue without annotation and ConfigMap key
 * @param whenInvalid what an annotation that does not parse leads to; a ConfigMap key that does not
 *     parse closes the routes that it concerns where this is DENY, else the default holds
 * @param doc one sentence for the documentation
 * @param <T> the value's type
 */
public record Setting<T>(
    Names names,
    T defaultValue,
    Scope scope,
    Risk risk,
    WhenInvalid whenInvalid,
    ValueParser<T> parser,
    String doc) {

  /**
   * What a setting is called.
   *
   * @param annotation without prefix, but with it where it isn't ours; empty if no annotation sets
   *     it
   * @param configMapKey empty if the ConfigMap can't set it
   * @param aliases other annotation names, looked at in order where {@code annotation} is blank
   */
  public record Names(String annotation, String configMapKey, List<String> aliases) {
    public Names {
      aliases = List.copyOf(aliases);
    }

    /**
     * An annotation's name in full.
     *
     * @param prefix with slash; names of other families bring their own
     */
    static String full(String prefix, String name) {
      return name.indexOf('/') >= 0 ? name : prefix + name;
    }

    /** An annotation only. */
    public static Names annotation(String name) {
      return new Names(name, "", List.of());
    }

    /** A ConfigMap key only. */
    public static Names configMap(String key) {
      return new Names("", key, List.of());
    }

    /** An annotation whose default the ConfigMap key of the same name sets. */
    public static Names both(String name) {
      return new Names(name, name, List.of());
    }

    /** All names that an annotation may have. */
    public List<String> annotations() {
      var all = new java.util.ArrayList<String>();
      if (!annotation.isEmpty()) {
        all.add(annotation);
      }
      all.addAll(aliases);
      return all;
    }
  }

  /** The annotation's name, or the ConfigMap key's where there is no annotation. */
  public String name() {
    return names.annotation().isEmpty() ? names.configMapKey() : names.annotation();
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
