package dev.weir.controller.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The program's entry: turns the command line into a command and its result into an exit code. */
@Command(
    name = "weir",
    description = "HTTP and HTTPS ingress controller for Kubernetes.",
    mixinStandardHelpOptions = true,
    versionProvider = Weir.ManifestVersion.class)
public final class Weir implements Runnable {
  public static void main(String[] args) {
    System.exit(new CommandLine(new Weir()).execute(args));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  /**
   * The version that the build wrote into the jar; classes run straight from a folder have none.
   */
  static final class ManifestVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      var version = Weir.class.getPackage().getImplementationVersion();
      return new String[] {"weir " + (version == null ? "development" : version)};
    }
  }
}
