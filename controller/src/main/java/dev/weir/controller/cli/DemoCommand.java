package dev.weir.controller.cli;

import dev.weir.controller.admin.ControlCharacters;
import dev.weir.controller.loop.ControllerListener;
import dev.weir.controller.loop.FindingChanges;
import dev.weir.controller.loop.TableStats;
import dev.weir.controller.resource.Finding;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.TableChange;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir demo}: serves the example manifests on this machine, with backends of its own. */
@Command(
    name = "demo",
    description = {"Serve the example manifests on 127.0.0.1, with backends that echo.", ""},
    abbreviateSynopsis = true,
    mixinStandardHelpOptions = true,
    versionProvider = Weir.ManifestVersion.class)
final class DemoCommand implements Callable<Integer> {
  /**
   * Those flags of {@code run} that make sense here; the ports are those of {@code --manifests}.
   */
  static final FlagTable FLAGS =
      FlagTable.RUN
          .only(
              Set.of(
                  "manifests",
                  "configmap",
                  "http-port",
                  "https-port",
                  "healthz-port",
                  "transport",
                  "v"))
          .and(
              FlagSpec.now(
                  "rehearse",
                  FlagType.SWITCH,
                  "false",
                  "Send requests to itself and end; the build of the image does that."))
          .withDefault("manifests", "manifests/demo")
          .withDefault("configmap", "default/weir")
          .withDefault("http-port", "8080")
          .withDefault("https-port", "8443");

  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration DRAIN = Duration.ofSeconds(2);

  @Spec CommandSpec spec = CommandSpec.create();

  private final Stop stop;

  DemoCommand(Stop stop) {
    this.stop = stop;
  }

  @Override
  public Integer call() throws UsageException, StartException, InterruptedException {
    var flags = FlagOptions.read(spec, FLAGS);
    var loneWords = FlagOptions.loneWords(spec);
    if (loneWords.length > 0) {
      throw new UsageException(loneWords[0] + " belongs to no flag");
    }
    var folder = folder(flags);
    var settings = settings(flags, folder);
    LogSetup.apply("text", LogSetup.level(flags.number("v")));
    if (flags.number("v") == 0) {
      // The screen and the lines below it tell what there is to tell.
      LogSetup.silence();
    }
    var out = spec.commandLine().getOut();
    var narrator = new Narrator(out);
    try (var backends = EchoBackends.start(EchoBackends.DEMO_PORTS);
        var program = new WeirProgram(settings, stop, narrator)) {
      if (program.open()) {
        out.println(
            DemoScreen.of(
                places(program, backends, folder),
                program.snapshot(),
                selfSigned(settings),
                Instant.now()));
        narrator.begin();
        if (flags.isOn("rehearse")) {
          rehearse(program, out);
        }
        program.serve();
        out.println("Finished what was in flight. Goodbye.");
      }
    }
    return 0;
  }

  /** The demo is {@code run} with these flags. */
  private static RunSettings settings(Flags flags, Path folder) throws UsageException {
    var run = new HashMap<String, String>();
    for (var name : List.of("configmap", "http-port", "https-port", "healthz-port", "transport")) {
      run.put(name, flags.text(name));
    }
    run.put("manifests", folder.toString());
    run.put("bind-address", LOOPBACK);
    run.put("healthz-host", LOOPBACK);
    run.put("enable-metrics", "true");
    return RunSettings.of(new Flags(FlagTable.RUN, run)).endingWithin(DRAIN);
  }

  /** When the certificate made at start expires. */
  private static Instant selfSigned(RunSettings settings) {
    return settings.translation().references().fallbackCertificate().orElseThrow().notAfter();
  }

  private void rehearse(WeirProgram program, PrintWriter out)
      throws StartException, InterruptedException {
    var hosts =
        program.snapshot().table().hosts().keySet().stream()
            .filter(HostPattern.Exact.class::isInstance)
            .map(HostPattern::text)
            .toList();
    var ports = program.listening();
    int answered = new Rehearsal(ports.getFirst().address(), ports.getLast().address()).run(hosts);
    out.println("Rehearsed with " + answered + " requests.");
    out.println("Rehearsed with a cluster of " + rehearseCluster());
    stop.request();
  }

  /** Reads a cluster as a pod does at its start, serves it, and answers its API server. */
  private static String rehearseCluster() throws StartException, InterruptedException {
    try (var cluster = RehearsedCluster.start();
        var files = new RehearsalFiles(cluster)) {
      var flags = new HashMap<>(files.flags());
      flags.put("apiserver-host", cluster.url());
      flags.put("configmap", "default/weir");
      flags.put("bind-address", LOOPBACK);
      flags.put("healthz-host", LOOPBACK);
      flags.put("enable-metrics", "true");
      flags.put("validating-webhook", LOOPBACK + ":0");
      for (var port : List.of("http-port", "https-port", "healthz-port")) {
        flags.put(port, "0");
      }
      var settings = RunSettings.of(new Flags(FlagTable.RUN, flags)).endingWithin(DRAIN);
      try (var program = new WeirProgram(settings, new Stop(), new ControllerListener() {})) {
        program.open();
        return program.snapshot().table().hosts().size()
            + " hosts and "
            + RehearsedReviews.ask(program.webhook().orElseThrow())
            + " reviews.";
      }
    } catch (IOException | UsageException e) {
      throw new StartException("the rehearsal of a cluster failed: " + e.getMessage());
    }
  }

  private static DemoScreen.Places places(WeirProgram program, EchoBackends backends, Path folder) {
    // One address, so two ports: HTTP, then HTTPS.
    var ports = program.listening();
    return new DemoScreen.Places(
        ports.getFirst().address(),
        ports.getLast().address(),
        program.admin(),
        backends.addresses(),
        folder);
  }

  /** {@code --manifests}, or the folder beside the launcher, or that of the current directory. */
  private static Path folder(Flags flags) throws StartException {
    var folder =
        flags.isGiven("manifests")
            ? Path.of(flags.text("manifests"))
            : Path.of(System.getProperty("weir.home", ""), "manifests", "demo");
    if (!Files.isDirectory(folder)) {
      throw new StartException(
          "there is no folder "
              + folder.toAbsolutePath()
              + "; name the example manifests with --manifests DIR");
    }
    return folder.toAbsolutePath().normalize();
  }

  /** Prints what an edit of the folder did. */
  private static final class Narrator implements ControllerListener {
    private final PrintWriter out;
    private final ChangeLine line = new ChangeLine();
    private volatile boolean started;

    Narrator(PrintWriter out) {
      this.out = out;
    }

    /** From now on there is something to tell; what was before is on the first screen. */
    void begin() {
      started = true;
    }

    @Override
    public void onApplied(
        TableChange change, TableStats stats, long compileNanos, long applyNanos) {
      var text = line.of(change);
      if (started) {
        out.println("live now: " + text);
      }
    }

    @Override
    public void onFindings(FindingChanges changes) {
      if (started) {
        changes.appeared().forEach(finding -> print("", finding));
        changes.resolved().forEach(finding -> print("resolved: ", finding));
      }
    }

    private void print(String prefix, Finding finding) {
      out.println(prefix + ControlCharacters.hidden(finding.text()));
    }
  }
}
