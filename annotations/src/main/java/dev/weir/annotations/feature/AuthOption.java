package dev.weir.annotations.feature;

import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.annotations.value.ValueParser;
import java.util.List;

/**
 * One option of external authentication: an annotation that goes with {@code auth-url}, and a
 * ConfigMap key that goes with {@code global-auth-url}; neither is the other's default.
 */
record AuthOption<T>(Setting<T> own, Setting<Attempt<T>> global) {
  /**
   * What came of reading a ConfigMap key. A protection that can't be read must not be mistaken for
   * one that nobody asked for.
   *
   * @param fault empty if it could be read
   */
  record Attempt<T>(T value, String fault) {
    /** The value, as the tables of settings show it. */
    @Override
    public String toString() {
      return value instanceof java.util.Collection<?> all
          ? String.join(",", all.stream().map(Object::toString).toList())
          : String.valueOf(value);
    }
  }

  /** An option {@code auth-NAME}, {@code global-auth-NAME}. */
  static <T> AuthOption<T> of(
      String name,
      T defaultValue,
      Risk risk,
      WhenInvalid invalid,
      ValueParser<T> parser,
      String doc) {
    return new AuthOption<>(
        new Setting<>(
            Setting.Names.annotation("auth-" + name),
            defaultValue,
            Scope.ROUTE,
            risk,
            invalid,
            parser,
            doc),
        new Setting<>(
            Setting.Names.configMap("global-auth-" + name),
            new Attempt<>(defaultValue, ""),
            Scope.ROUTE,
            risk,
            WhenInvalid.DEFAULT,
            text -> attempt(text, defaultValue, parser),
            "auth-" + name + " where global-auth-url holds."));
  }

  private static <T> Attempt<T> attempt(String text, T defaultValue, ValueParser<T> parser) {
    try {
      return new Attempt<>(parser.parse(text), "");
    } catch (InvalidValueException e) {
      return new Attempt<>(defaultValue, "is not valid (expected: " + e.expected() + ")");
    }
  }

  List<Setting<?>> settings() {
    return List.of(own, global);
  }

  /** Whether somebody set it. */
  boolean isSet(Values values, boolean everywhere) {
    return values.source(everywhere ? global : own) != Values.Source.DEFAULT;
  }

  T get(Values values, boolean everywhere) {
    return everywhere ? values.get(global).value() : values.get(own);
  }

  /** What is wrong with the ConfigMap key; empty if nothing is. */
  String globalFault(Values values) {
    return values.get(global).fault();
  }
}
