package dev.weir.controller.status;

import dev.weir.controller.loop.Controller;
import dev.weir.controller.loop.Translators;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.source.ApiServerAccess;
import dev.weir.controller.source.ApiServerOptions;
import dev.weir.controller.source.ApiServerSource;
import dev.weir.controller.source.ApiServerTiming;
import dev.weir.controller.source.SourceException;
import dev.weir.controller.status.ReportSettings.Published;
import dev.weir.controller.translate.TranslateOptions;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import dev.weir.e2e.apiserver.FakeApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A controller without a data plane that reads from an API server and reports to it. */
final class Replica implements AutoCloseable {
  /** An eighth of it is what a call may take, on a machine that is busy. */
  static final Duration TTL = Duration.ofSeconds(8);

  static final ObjectKey CONFIG_MAP = new ObjectKey(Kind.CONFIG_MAP, "ingress", "settings");
  static final ObjectKey SERVICE = new ObjectKey(Kind.SERVICE, "ingress", "proxy");

  private static final ApiServerTiming TIMING =
      new ApiServerTiming(
          Duration.ofSeconds(600),
          Duration.ofSeconds(600),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofMillis(10),
          Duration.ofMillis(80),
          Duration.ofMillis(20));

  private final ApiServerAccess access;
  private final ApiServerSource source;
  private final Controller controller;
  private final Reporter reporter;
  private final Telemetry telemetry;

  private Replica(FakeApiServer server, ReportSettings settings) {
    try {
      var kubeconfig = Files.createTempFile("weir-", ".kubeconfig");
      Files.writeString(kubeconfig, server.kubeconfig(settings.pod().name()));
      var options = ApiServerOptions.of(kubeconfig.toString());
      access = ApiServerAccess.open(options);
      Files.delete(Path.of(options.kubeconfig()));
      source = new ApiServerSource(access, options, TIMING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SourceException e) {
      throw new IllegalStateException(e);
    }
    telemetry = new Telemetry(TelemetrySettings.DEFAULT, Clock.systemUTC());
    reporter = new Reporter(access, settings, TelemetrySettings.DEFAULT.identity());
    telemetry.register(reporter);
    controller =
        new Controller(
            new Translators(TranslateOptions.DEFAULT),
            settings.settings().orElse(null),
            change -> 1,
            reporter,
            Clock.systemUTC());
  }

  /** Reads all that is there, and starts to report. */
  static Replica start(FakeApiServer server, ReportSettings settings) {
    var replica = new Replica(server, settings);
    try {
      replica.controller.start();
      replica.source.start(replica.controller);
      replica.controller.firstTable().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      replica.close();
      throw new IllegalStateException(e);
    }
    replica.reporter.start();
    return replica;
  }

  static ReportSettings settings(String pod, Published published) {
    return new ReportSettings(
        new ReportSettings.Pod("ingress", pod),
        false,
        new ReportSettings.Election(true, "leader", TTL),
        new ReportSettings.Status(true, true, Duration.ofSeconds(60), published),
        true,
        Optional.of(CONFIG_MAP));
  }

  static Published address(String... addresses) {
    return new Published.Fixed(List.of(addresses));
  }

  /** The value of a metric; -1 if there is none. */
  double metric(String series) {
    return telemetry
        .text()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElse(-1);
  }

  boolean leads() {
    return telemetry
        .text()
        .lines()
        .anyMatch(
            line ->
                line.startsWith("nginx_ingress_controller_leader_election_status{")
                    && line.endsWith("name=\"leader\"} 1"));
  }

  void leave() {
    reporter.leave();
  }

  @Override
  public void close() {
    reporter.close();
    source.close();
    controller.close();
    access.close();
  }
}
