package dev.weir.controller.cli;

import dev.weir.controller.admin.AdminServer;
import dev.weir.controller.admin.DebugCommands;
import dev.weir.controller.admin.FindingsLog;
import dev.weir.controller.admin.LocalDoor;
import dev.weir.controller.admission.AdmissionServer;
import dev.weir.controller.loop.Controller;
import dev.weir.controller.loop.ControllerListener;
import dev.weir.controller.loop.Snapshot;
import dev.weir.controller.loop.Translators;
import dev.weir.controller.source.SourceException;
import dev.weir.controller.status.Reporter;
import dev.weir.controller.translate.HostTranslator;
import dev.weir.controller.translate.IngressReview;
import dev.weir.dataplane.telemetry.AdmissionMetrics;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole program, put together from top to bottom: objects come from an origin, the controller
 * turns them into tables, the data plane serves these, the admin server tells of all that.
 *
 * <p>Its life: the admin port opens first and says "not ready"; the origin is read; the first table
 * opens the ports for traffic, and the program is ready. On the wish to end it is unready at once,
 * serves on for the grace period, finishes what is in flight, leaves a moment to those who read its
 * metrics, and ends.
 *
 * <p>Thread rule: made, run and closed by the main thread.
 */
final class WeirProgram implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WeirProgram.class);
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final RunSettings settings;
  private final Stop stop;
  private final Origin.Opened origin;
  private final ProgramState state;
  private final Controller controller;
  private final SettingsTap tap;
  private final TrafficPorts traffic;
  private final AdminServer admin;
  private final Optional<AdmissionServer> webhook;
  private final Optional<LocalDoor> door;

  /**
   * Puts the program together and opens the admin port.
   *
   * @param watcher is told of changes, on the controller thread
   * @throws StartException if it is certain that it can't serve
   */
  WeirProgram(RunSettings settings, Stop stop, ControllerListener watcher) throws StartException {
    var configMap = settings.translation().references().settings();
    this.settings = settings;
    this.stop = stop;
    this.tap = new SettingsTap(configMap);
    this.origin = settings.origin().open(settings.telemetry().identity());
    var metrics =
        new ProgramMetrics(
            settings.telemetry(),
            new ShownCertificates(
                settings.translation().classes().controller(),
                settings.translation().references().defaultCertificate()));
    this.traffic = new TrafficPorts(() -> TrafficPorts.config(settings, tap), metrics.telemetry());
    this.state = new ProgramState(origin, stop, metrics.telemetry(), traffic::stuck);
    var translators = new Translators(settings.translation());
    this.controller =
        new Controller(
            translators,
            configMap.orElse(null),
            traffic,
            TellAll.of(metrics, state, new FindingsLog(), reporter(), watcher),
            Clock.systemUTC());
    origin.reporter().ifPresent(metrics.telemetry()::register);
    state.attach(controller);
    this.admin = openAdmin(settings.sockets().admin());
    this.webhook = openWebhook(translators.hosts(), metrics.admission());
    this.door = openDoor();
  }

  private ControllerListener reporter() {
    return origin.reporter().isPresent()
        ? origin.reporter().get()
        : new ControllerListener() {}; // A folder isn't told anything.
  }

  private AdminServer openAdmin(RunSettings.Admin where) throws StartException {
    var address =
        where.host().isEmpty()
            ? new InetSocketAddress(where.port())
            : new InetSocketAddress(where.host(), where.port());
    if (address.isUnresolved()) {
      throw new StartException(
          "--healthz-host=" + where.host() + " can't be resolved, give an address or nothing");
    }
    try {
      var server = AdminServer.start(address, where.healthPath(), state);
      LOG.info("listening admin {}", NetUtil.toSocketAddressString(server.address()));
      return server;
    } catch (IOException e) {
      throw StartException.cantListen(address, "--healthz-port", e);
    }
  }

  private Optional<LocalDoor> openDoor() {
    try {
      return Optional.of(
          LocalDoor.open(
              Path.of(System.getProperty("java.io.tmpdir")),
              new DebugCommands(state::snapshot),
              stop::request));
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("weir dbg and weir wait-shutdown can't reach this process: {}", e.toString());
      return Optional.empty();
    }
  }

  private Optional<AdmissionServer> openWebhook(HostTranslator hosts, AdmissionMetrics metrics)
      throws StartException {
    var wanted = settings.sockets().webhook();
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    var where = wanted.get();
    var address =
        where.host().isEmpty()
            ? new InetSocketAddress(where.port())
            : new InetSocketAddress(where.host(), where.port());
    try {
      if (address.isUnresolved()) {
        throw new IOException("the name can't be resolved");
      }
      var server =
          AdmissionServer.start(
              new AdmissionServer.Place(address, where.certificate(), where.key()),
              new IngressReview(hosts),
              controller::cluster,
              metrics);
      LOG.info("listening webhook {}", NetUtil.toSocketAddressString(server.address()));
      return Optional.of(server);
    } catch (IOException e) {
      admin.close();
      throw StartException.cantListen(address, "--validating-webhook", e);
    }
  }

  /**
   * Reads the origin and opens the ports for traffic with the first table.
   *
   * @return whether it serves; false if the end was asked for before
   * @throws StartException if it is certain that it can't serve
   */
  boolean open() throws StartException, InterruptedException {
    controller.start();
    try {
      origin.source().start(tap.before(controller));
    } catch (SourceException e) {
      throw StartException.of(e);
    }
    awaitEither(traffic.opened(), stop.requested());
    if (stop.isRequested()) {
      LOG.info("ended before anything was served");
      return false;
    }
    traffic.opened().join().forEach(port -> LOG.info("listening {}", port.text()));
    state.serves();
    sayWhatServes();
    LOG.info("ready");
    origin.reporter().ifPresent(Reporter::start);
    return true;
  }

  private void sayWhatServes() {
    // Completed a moment after the ports have opened.
    var sizes = controller.firstTable().join().sizes();
    LOG.info(
        "serving {} hosts, {} routes, {} upstreams, {} certificates, {} ms after the start",
        sizes.hosts(),
        sizes.routes(),
        sizes.upstreams(),
        sizes.certificates(),
        ManagementFactory.getRuntimeMXBean().getUptime());
  }

  private static void awaitEither(CompletableFuture<?> opened, CompletableFuture<?> ended)
      throws StartException, InterruptedException {
    try {
      CompletableFuture.anyOf(opened, ended).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StartException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Serves until the end is asked for, and until what is in flight then is finished. */
  void serve() throws InterruptedException {
    awaitEnd();
    origin.reporter().ifPresent(Reporter::leave);
    var ending = settings.ending();
    pause("ending: unready, serving for {} s more", ending.grace());
    var longest = ending.drain().orElseGet(tap::drainTime);
    LOG.info("ending: finishing what is in flight, {} s at most", longest.toSeconds());
    int left = traffic.drain(longest);
    if (left > 0) {
      LOG.warn("ending: {} connections had not ended after {} s", left, longest.toSeconds());
    }
    if (door.isPresent()) {
      door.get().sayDrained(FAREWELL);
    }
    pause(
        "ending: nothing is in flight, the admin port answers for {} s more", ending.afterwards());
    LOG.info("ended");
  }

  /** Nothing but a second signal cuts a pause short, and that one ends the process. */
  private static void pause(String what, Duration length) throws InterruptedException {
    if (length.isPositive()) {
      LOG.info(what, length.toSeconds());
      new CountDownLatch(1).await(length.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void awaitEnd() throws InterruptedException {
    try {
      stop.requested().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where it listens, as {@link #open} found it. */
  List<TrafficPorts.Open> listening() {
    return traffic.opened().join();
  }

  /** Where the admin server listens. */
  InetSocketAddress admin() {
    return admin.address();
  }

  /** Where the admission webhook listens, if it does. */
  Optional<InetSocketAddress> webhook() {
    return webhook.map(AdmissionServer::address);
  }

  /** What is served now. */
  Snapshot snapshot() throws InterruptedException {
    try {
      return controller.snapshot().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    origin.reporter().ifPresent(Reporter::close);
    origin.source().close();
    controller.close();
    traffic.close();
    door.ifPresent(LocalDoor::close);
    webhook.ifPresent(AdmissionServer::close);
    admin.close();
    origin.afterwards().run();
  }
}
