package dev.weir.controller.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir dbg}, in the image also {@code /dbg}: asks the running program what it serves. */
@Command(
    name = "dbg",
    description = {
      "Ask the Weir that runs on this machine under this user what it serves:",
      "",
      "  backends all        every upstream, as JSON",
      "  backends list       their names",
      "  backends get NAME   one of them",
      "  certs get HOST      a host's certificate and private key, as PEM",
      "  general             JSON of what concerns none of them",
      "  conf [--host HOST]  the routing table, or a host's part of it",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Weir.ManifestVersion.class)
final class DbgCommand implements Callable<Integer> {
  private static final int NOT_UNDERSTOOD = 1;

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--host", paramLabel = "HOST", description = "The host, for conf.")
  String host = "";

  @Option(names = "--pid", paramLabel = "PID", description = "Which process, if several run.")
  long pid;

  @Parameters(arity = "1..*", paramLabel = "WORD", description = "The command.")
  List<String> words = new ArrayList<>();

  @Override
  public Integer call() throws StartException {
    var asked = new ArrayList<>(words);
    if (!host.isEmpty()) {
      asked.add(host);
    }
    var program = RunningProgram.find(Path.of(System.getProperty("java.io.tmpdir")), pid);
    var answer = program.ask(asked);
    var line = spec.commandLine();
    var out = answer.understood() ? line.getOut() : line.getErr();
    out.print(answer.text());
    out.flush();
    return answer.understood() ? 0 : NOT_UNDERSTOOD;
  }
}
