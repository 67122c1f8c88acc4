package dev.weir.controller.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The values of a command's flags: each understood by its type, defaults filled in. Immutable. */
final class Flags {
  private final FlagTable table;
  private final Map<String, String> given;

  /**
   * @param given values by flag name, as typed
   * @throws UsageException for a value that its flag's type does not accept
   */
  Flags(FlagTable table, Map<String, String> given) throws UsageException {
    this.table = table;
    this.given = Map.copyOf(given);
    for (var spec : table.specs()) {
      var text = given.get(spec.name());
      if (text != null && !spec.type().accepts().test(text)) {
        throw new UsageException(
            spec.typed() + "=" + text + ": expected " + spec.type().expected());
      }
    }
  }

  /** Whether the flag stands on the command line with a value that isn't empty. */
  boolean isGiven(String name) {
    return !given.getOrDefault(name, "").isEmpty();
  }

  /** The given flags, in the table's order. */
  List<FlagSpec> givenFlags() {
    return table.specs().stream().filter(spec -> given.containsKey(spec.name())).toList();
  }

  /** The value as text. */
  String text(String name) {
    return given.getOrDefault(name, spec(name).defaultValue());
  }

  /** The value of a switch. */
  boolean isOn(String name) {
    return FlagType.isOn(text(name));
  }

  /** The value of a count or port. */
  int number(String name) {
    return Integer.parseInt(text(name));
  }

  /** The value of a number of seconds or a duration. */
  Duration duration(String name) {
    return FlagType.duration(spec(name).type(), text(name));
  }

  /** Numbers separated by commas. */
  List<Double> decimals(String name) {
    var text = text(name);
    return text.isEmpty()
        ? List.of()
        : List.of(text.split(",", -1)).stream().map(Double::valueOf).toList();
  }

  /** Words separated by commas. */
  List<String> words(String name) {
    var text = text(name);
    return text.isEmpty()
        ? List.of()
        : List.of(text.split(",", -1)).stream().map(String::strip).toList();
  }

  private FlagSpec spec(String name) {
    var spec = table.find(name);
    if (spec == null) {
      throw new IllegalArgumentException("this command has no flag --" + name);
    }
    return spec;
  }
}
