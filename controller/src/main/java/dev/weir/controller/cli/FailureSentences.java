package dev.weir.controller.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one sentence why a command did not run, and turns that into the exit code. */
final class FailureSentences implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private static final int CAN_NOT_START = 1;
  private static final int NOT_UNDERSTOOD = 2;

  @Override
  public int handleParseException(ParameterException problem, String[] args) {
    var line = problem.getCommandLine();
    var command = line.getCommandSpec().qualifiedName();
    line.getErr().println(command + ": " + sentence(problem) + "; see " + command + " --help");
    return NOT_UNDERSTOOD;
  }

  @Override
  public int handleExecutionException(Exception problem, CommandLine line, ParseResult result) {
    var command = line.getCommandSpec().qualifiedName();
    switch (problem) {
      case UsageException usage -> {
        line.getErr().println(command + ": " + usage.getMessage() + "; see " + command + " --help");
        return NOT_UNDERSTOOD;
      }
      case StartException start -> line.getErr().println(command + ": " + start.getMessage());
      default -> {
        line.getErr().println(command + ": a defect of Weir ended it:");
        problem.printStackTrace(line.getErr());
      }
    }
    return CAN_NOT_START;
  }

  private static String sentence(ParameterException problem) {
    return switch (problem) {
      case UnmatchedArgumentException unmatched -> unknown(unmatched);
      case MissingParameterException missing when !missing.getMissing().isEmpty() -> {
        var option = missing.getMissing().getFirst();
        yield option instanceof CommandLine.Model.OptionSpec named
            ? named.longestName() + " needs a value: " + named.paramLabel()
            : String.valueOf(missing.getMessage());
      }
      default -> String.valueOf(problem.getMessage());
    };
  }

  private static String unknown(UnmatchedArgumentException problem) {
    var typed = problem.getUnmatched().getFirst();
    var line = problem.getCommandLine();
    if (!typed.startsWith("-")) {
      return guess("unknown command " + typed, typed, List.copyOf(line.getSubcommands().keySet()));
    }
    int equals = typed.indexOf('=');
    var name = equals < 0 ? typed : typed.substring(0, equals);
    var known = new ArrayList<String>();
    for (var option : line.getCommandSpec().options()) {
      known.add(option.longestName());
    }
    return guess("unknown flag " + name, name, known);
  }

  private static String guess(String sentence, String typed, List<String> known) {
    return NearestName.of(typed, known)
        .map(nearest -> sentence + " (did you mean " + nearest + "?)")
        .orElse(sentence);
  }
}
