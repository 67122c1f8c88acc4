package dev.weir.annotations.feature;

import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.annotations.value.ValueParser;
import java.util.List;
import java.util.function.Predicate;

/**
 * A setting that protects and is not enforced yet: whoever sets it gets 503 instead of an open
 * door.
 *
 * @param blankCounts whether a blank annotation protects, too
 * @param protects which values protect
 */
record Guard(Setting<String> setting, boolean blankCounts, Predicate<String> protects) {
  /** How a refusal goes on after the setting's name. */
  static final String NOT_YET = "is not enforced yet";

  /** Any value protects. */
  static Guard any(Setting.Names names, Scope scope, Risk risk, String doc) {
    return new Guard(text(names, scope, risk, doc), false, value -> true);
  }

  /** Any value protects, and so does a blank annotation. */
  static Guard evenBlank(Setting.Names names, Scope scope, Risk risk, String doc) {
    return new Guard(text(names, scope, risk, doc), true, value -> true);
  }

  /** Every value but a false one protects: what can't be read was certainly meant to. */
  static Guard unlessFalse(Setting.Names names, Scope scope, Risk risk, String doc) {
    return new Guard(text(names, scope, risk, doc), false, Guard::notFalse);
  }

  /** Every value but one protects. */
  static Guard unless(String harmless, Setting.Names names, Scope scope, Risk risk, String doc) {
    return new Guard(text(names, scope, risk, doc), false, value -> !value.equals(harmless));
  }

  /** A setting whose text is kept as it is. */
  static Setting<String> text(Setting.Names names, Scope scope, Risk risk, String doc) {
    return new Setting<>(names, "", scope, risk, WhenInvalid.DENY, ValueParser.TEXT, doc);
  }

  /** Annotations that each protect by any value, as a list of guards. */
  static List<Guard> annotations(Scope scope, Risk risk, String doc, String... names) {
    return java.util.Arrays.stream(names)
        .map(name -> any(Setting.Names.annotation(name), scope, risk, doc))
        .toList();
  }

  /** Whether somebody asked for the protection. */
  boolean asked(Values values) {
    return (blankCounts && values.present(setting))
        || (values.source(setting) != Values.Source.DEFAULT && protects.test(values.get(setting)));
  }

  private static boolean notFalse(String value) {
    try {
      return Booleans.parse(value);
    } catch (InvalidValueException e) {
      return true;
    }
  }
}
