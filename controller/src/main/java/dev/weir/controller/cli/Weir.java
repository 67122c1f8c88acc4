package dev.weir.controller.cli;

import ch.qos.logback.classic.Level;
import dev.weir.tls.SelfSignedCertificate;
import dev.weir.tls.ServerCertificate;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The program's entry: turns the command line into a command and its result into an exit code. 0:
 * done, or ended by a signal and drained; 1: could not start; 2: the command line can't be
 * understood.
 */
@Command(
    name = "weir",
    description = "HTTP and HTTPS ingress controller for Kubernetes.",
    footer = {
      "",
      "weir run --help lists every flag.",
      "Without a command, flags mean \"run\": the command line of ingress-nginx works unchanged."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Weir.ManifestVersion.class)
public final class Weir implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Weir.class);

  @Spec CommandSpec spec;

  private Weir() {
    this.spec = CommandSpec.create();
  }

  public static void main(String[] args) {
    Sizing.boundBuffers();
    LogSetup.apply("text", Level.INFO);
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, fault) -> LOG.error("A defect of Weir ended the thread {}", thread, fault));
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = execute(out, err, Stop.onSignals(), args);
    LogSetup.flush();
    System.exit(code);
  }

  /**
   * Runs a command to its end.
   *
   * @param stop ends a command that serves
   * @return the exit code
   */
  static int execute(PrintWriter out, PrintWriter err, Stop stop, String... args) {
    var words = CommandWords.of(args);
    Supplier<ServerCertificate> certificate =
        words.words().contains("run") ? madeAhead() : Weir::selfSigned;
    var line =
        new CommandLine(new Weir())
            .addSubcommand(
                "run",
                FlagOptions.declare(
                    new RunCommand(stop, words.imageSwap(), certificate), FlagTable.RUN))
            .addSubcommand("demo", FlagOptions.declare(new DemoCommand(stop), DemoCommand.FLAGS))
            .addSubcommand("dbg", new DbgCommand())
            .addSubcommand("wait-shutdown", new WaitShutdownCommand());
    line.setOut(out)
        .setErr(err)
        .setExpandAtFiles(false)
        .setOverwrittenOptionsAllowed(true)
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler(new FailureSentences())
        .setExecutionExceptionHandler(new FailureSentences());
    return line.execute(words.words().toArray(String[]::new));
  }

  /**
   * Made while the command line is read: of all that is needed next, this takes longest while
   * nothing is compiled yet.
   */
  private static Supplier<ServerCertificate> madeAhead() {
    return CompletableFuture.supplyAsync(
            Weir::selfSigned, task -> Thread.ofPlatform().daemon().name("weir-ahead").start(task))
        ::join;
  }

  /** For hosts without a certificate. */
  private static ServerCertificate selfSigned() {
    return SelfSignedCertificate.forDefault(Clock.systemUTC());
  }

  /** Without a command: what there is to type. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /**
   * The version that the build wrote into the jar; classes run straight from a folder have none.
   */
  static final class ManifestVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"weir " + version()};
    }

    static String version() {
      var version = Weir.class.getPackage().getImplementationVersion();
      return version == null ? "development" : version;
    }
  }
}
