package dev.weir.controller.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code weir wait-shutdown}, in the image also {@code /wait-shutdown}: what charts run before a
 * pod is ended. Has the running program end as SIGTERM does, and returns when what was in flight is
 * finished.
 */
@Command(
    name = "wait-shutdown",
    description = "Have the Weir that runs on this machine under this user end, and wait for that.",
    mixinStandardHelpOptions = true,
    versionProvider = Weir.ManifestVersion.class)
final class WaitShutdownCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--pid", paramLabel = "PID", description = "Which process, if several run.")
  long pid;

  @Override
  public Integer call() throws StartException {
    var program = RunningProgram.find(Path.of(System.getProperty("java.io.tmpdir")), pid);
    var answer = program.shutDown();
    spec.commandLine().getOut().print(answer.text());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
