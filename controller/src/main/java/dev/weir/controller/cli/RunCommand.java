package dev.weir.controller.cli;

import dev.weir.controller.loop.ControllerListener;
import dev.weir.tls.ServerCertificate;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir run}: serves a cluster's Ingresses, or those of a folder, until it is ended. */
@Command(
    name = "run",
    description = {
      "Serve the Ingresses of a cluster, or of a folder with --manifests.",
      "Inside a pod no flag is needed. The flags of ingress-nginx are accepted.",
      ""
    },
    abbreviateSynopsis = true,
    mixinStandardHelpOptions = true,
    versionProvider = Weir.ManifestVersion.class)
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  @Spec CommandSpec spec = CommandSpec.create();

  private final Stop stop;
  private final boolean imageSwap;
  private final Supplier<ServerCertificate> certificate;

  /**
   * @param imageSwap ingress-nginx's binary was named: what it ignores is ignored
   * @param certificate for hosts without one
   */
  RunCommand(Stop stop, boolean imageSwap, Supplier<ServerCertificate> certificate) {
    this.stop = stop;
    this.imageSwap = imageSwap;
    this.certificate = certificate;
  }

  @Override
  public Integer call() throws UsageException, StartException, InterruptedException {
    var flags = FlagOptions.read(spec, FlagTable.RUN);
    var loneWords = FlagOptions.loneWords(spec);
    if (loneWords.length > 0 && !imageSwap) {
      throw new UsageException(
          loneWords[0] + " belongs to no flag; a switch is turned off with --flag=false");
    }
    var settings = RunSettings.of(flags, certificate);
    LogSetup.apply(flags.text("log-format"), LogSetup.level(flags.number("v")));
    LOG.info("weir {}", Weir.ManifestVersion.version());
    var sizing = Sizing.here(flags.number("event-loops"));
    LOG.info("sized: {}", sizing.text());
    if (!sizing.warning().isEmpty()) {
      LOG.warn("{}", sizing.warning());
    }
    for (var word : loneWords) {
      LOG.warn("{} belongs to no flag and is ignored", word);
    }
    flags.givenFlags().forEach(RunCommand::sayIfWithoutEffect);
    try (var program = new WeirProgram(settings, stop, new ControllerListener() {})) {
      if (program.open()) {
        program.serve();
      }
    }
    return 0;
  }

  private static void sayIfWithoutEffect(FlagSpec flag) {
    switch (flag.effect()) {
      case NOW -> {}
      case LATER -> LOG.info("{} has no effect yet: {}", flag.typed(), flag.doc());
      case INERT -> LOG.info("{} has no effect here: {}", flag.typed(), flag.doc());
    }
  }
}
