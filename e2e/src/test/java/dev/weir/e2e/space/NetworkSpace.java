package dev.weir.e2e.space;

import dev.weir.e2e.harness.Commands;
import dev.weir.e2e.harness.ProgramLog;
import dev.weir.e2e.harness.WeirProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A network namespace in which all addresses are on {@code lo}; nothing leads out of it. */
final class NetworkSpace implements AutoCloseable {
  private final String name;

  private NetworkSpace(String name) {
    this.name = name;
  }

  /** A new one with these addresses, each with its prefix length. */
  static NetworkSpace with(String purpose, List<String> addresses) {
    var space = new NetworkSpace("weir-" + purpose + "-" + ProcessHandle.current().pid());
    Commands.run("ip", "netns", "add", space.name);
    try {
      Commands.run("ip", "-n", space.name, "link", "set", "lo", "up");
      for (var address : addresses) {
        Commands.run("ip", "-n", space.name, "addr", "add", address, "dev", "lo");
      }
      return space;
    } catch (AssertionError e) {
      space.close();
      throw e;
    }
  }

  /** Plays a scenario inside; it must succeed. What it printed is the answer. */
  ProgramLog play(Class<? extends Scenario> scenario, String... jvmOptions) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var command =
        new ArrayList<>(
            List.of(
                "ip",
                "netns",
                "exec",
                name,
                java,
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Dweir.home=" + WeirProcess.home()));
    command.addAll(List.of(jvmOptions));
    command.addAll(List.of("-cp", classPath, Stage.class.getName(), scenario.getName()));
    var stage = WeirProcess.launchCommand(command, WeirProcess.Environment.WHOLE);
    if (stage.exitCode() != 0) {
      var text = stage.log().text();
      var reason = text.substring(Math.max(0, text.lastIndexOf(Stage.FAILED)));
      throw new AssertionError(scenario.getSimpleName() + ": " + reason + "\nin all:\n" + text);
    }
    return stage.log();
  }

  @Override
  public void close() {
    Commands.run("ip", "netns", "del", name);
  }
}
