package dev.weir.controller.cli;

import java.util.HashMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A {@link FlagTable} as options of a picocli command, and back. */
final class FlagOptions {
  private FlagOptions() {}

  /** Gives {@code command} the table's flags, {@code --help} and {@code --version}. */
  static CommandLine declare(Object command, FlagTable table) {
    var spec = CommandSpec.forAnnotatedObject(command);
    for (var flag : table.specs()) {
      var names =
          flag.name().length() == 1
              ? new String[] {"-" + flag.name(), "--" + flag.name()}
              : new String[] {"--" + flag.name()};
      spec.addOption(
          OptionSpec.builder(names)
              .type(String.class)
              .arity("1")
              .paramLabel(flag.type().equals(FlagType.SWITCH) ? "true|false" : flag.type().label())
              .description(description(flag))
              .build());
    }
    spec.addPositional(
        PositionalParamSpec.builder()
            .type(String[].class)
            .arity("0..*")
            .paramLabel("WORD")
            .hidden(true)
            .build());
    return new CommandLine(spec);
  }

  /**
   * What was typed.
   *
   * @throws UsageException for a value that its flag does not accept
   */
  static Flags read(CommandSpec spec, FlagTable table) throws UsageException {
    var result = spec.commandLine().getParseResult();
    var given = new HashMap<String, String>();
    for (var flag : table.specs()) {
      String value = result.matchedOptionValue(flag.typed(), null);
      if (value != null) {
        given.put(flag.name(), value);
      }
    }
    return new Flags(table, given);
  }

  /** Words that belong to no flag. */
  static String[] loneWords(CommandSpec spec) {
    return spec.commandLine().getParseResult().matchedPositionalValue(0, new String[0]);
  }

  private static String description(FlagSpec flag) {
    var text = new StringBuilder(flag.doc());
    if (!flag.defaultValue().isEmpty()) {
      text.append(" Default: ").append(flag.defaultValue()).append('.');
    }
    switch (flag.effect()) {
      case NOW -> {}
      case LATER -> text.append(" (no effect yet)");
      case INERT -> text.append(" (no effect)");
    }
    // picocli formats descriptions: a percent sign would begin a conversion.
    return text.toString().replace("%", "%%");
  }
}
