package dev.weir.controller.status;

import dev.weir.controller.loop.ControllerListener;
import dev.weir.controller.loop.FindingChanges;
import dev.weir.controller.loop.Interest;
import dev.weir.controller.loop.News;
import dev.weir.controller.resource.ConfigMapResource;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.Resource;
import dev.weir.controller.resource.ServiceResource;
import dev.weir.controller.source.ApiCalls;
import dev.weir.controller.source.ApiServerAccess;
import dev.weir.dataplane.telemetry.MetricSource;
import dev.weir.dataplane.telemetry.MetricWriter;
import dev.weir.dataplane.telemetry.TelemetrySettings.Identity;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the cluster what the controller knows: the door of this package. It listens to the
 * controller from the beginning and writes nothing before {@link #start}, which is called once
 * traffic is served, nor after {@link #leave}.
 *
 * <p>Thread rule: the listener's methods are the controller thread's and don't wait; the others are
 * the main thread's; metrics are read by any.
 */
public final class Reporter implements ControllerListener, MetricSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);

  /** API servers keep Events for an hour. */
  private static final Duration REPEAT = Duration.ofMinutes(30);

  private static final Duration BOUND_WITHOUT_LEASE = Duration.ofSeconds(5);

  private final ReportSettings settings;
  private final ApiCalls calls;
  private final EventBook events;
  private final StatusBook statuses;
  private final ReportMetrics metrics;
  private final @Nullable Elector elector;
  private final @Nullable EventTask eventTask;
  private final @Nullable StatusTask statusTask;
  private final @Nullable ServiceAddresses service;
  private final Farewell farewell;
  private final List<Thread> writers = new ArrayList<>();
  private @Nullable Thread election;
  private @Nullable Thread leaving;

  /**
   * Prepares everything and sends nothing.
   *
   * @param access stays open when this is closed
   * @param identity labels of metrics
   */
  public Reporter(ApiServerAccess access, ReportSettings settings, Identity identity) {
    boolean elects = settings.election().enabled();
    var ttl = settings.election().ttl();
    var clock = InstantSource.system();
    this.settings = settings;
    this.calls = new ApiCalls(access, elects ? Elector.bound(ttl) : BOUND_WITHOUT_LEASE);
    this.elector =
        writes() && elects
            ? new Elector(
                calls,
                settings.pod(),
                settings.election(),
                clock,
                System::nanoTime,
                this::leadershipChanged)
            : null;
    var leading = elector;
    this.metrics =
        new ReportMetrics(
            identity, settings.election().lease(), () -> leading != null && leading.leads());
    this.events = new EventBook(metrics.eventsDropped);
    this.statuses = new StatusBook(settings.status().interval(), System::nanoTime);
    this.eventTask = writes() ? eventTask(leading, clock) : null;
    var replicas = new Replicas(calls, settings.pod());
    this.service =
        settings.status().published() instanceof ReportSettings.Published.OfService(var key)
            ? new ServiceAddresses(key)
            : null;
    this.farewell = new Farewell(replicas, statuses);
    this.statusTask =
        leading != null && settings.status().update() ? statusTask(leading, replicas) : null;
  }

  private EventTask eventTask(@Nullable Elector leading, InstantSource clock) {
    return new EventTask(
        new EventTask.Parts(
            events,
            new EventWriter(calls, settings.pod().name(), clock),
            leading == null ? Leadership.NOT_NEEDED : leading),
        metrics,
        REPEAT,
        System::nanoTime);
  }

  private StatusTask statusTask(Elector leading, Replicas replicas) {
    AddressSource source =
        switch (settings.status().published()) {
          case ReportSettings.Published.Fixed(var addresses) -> new FixedAddresses(addresses);
          case ReportSettings.Published.OfService(var key) ->
              service == null ? new ServiceAddresses(key) : service;
          case ReportSettings.Published.OfNodes(var internal) ->
              new NodeAddresses(calls, replicas, internal);
        };
    return new StatusTask(
        new StatusTask.Parts(source, statuses, new StatusWriter(calls, leading, metrics), leading),
        metrics,
        settings.status().interval(),
        System::nanoTime);
  }

  /** Whether anything is ever written. */
  private boolean writes() {
    return !settings.shadow() && settings.pod().known();
  }

  private void leadershipChanged() {
    if (eventTask != null) {
      eventTask.wake();
    }
    if (statusTask != null) {
      statusTask.addressesChanged();
    }
  }

  /** Begins to take the Lease and to write; called once, when traffic is served. */
  public void start() {
    if (!writes()) {
      LOG.info(
          settings.shadow()
              ? "--shadow: nothing is written into the cluster, and no Lease is taken"
              : "POD_NAME and POD_NAMESPACE are not set: neither status nor Events are written");
      return;
    }
    if (elector != null) {
      election = Thread.ofVirtual().name("lease").start(elector);
    } else {
      LOG.info("--disable-leader-election: no replica writes the status of Ingresses");
    }
    if (eventTask != null) {
      writers.add(Thread.ofVirtual().name("events").start(eventTask));
    }
    if (statusTask != null) {
      writers.add(Thread.ofVirtual().name("status").start(statusTask));
    }
  }

  @Override
  public Interest interest() {
    if (!writes()) {
      return Interest.NONE;
    }
    var objects = new HashSet<ObjectKey>();
    settings.settings().ifPresent(objects::add);
    if (settings.status().published() instanceof ReportSettings.Published.OfService(var key)) {
      objects.add(key);
    }
    return new Interest(true, objects);
  }

  @Override
  public void onNews(List<News> news) {
    for (var item : news) {
      switch (item) {
        case News.IngressIs(var ingress, var served, var asksAnew) ->
            ingressIs(ingress, served, asksAnew);
        case News.IngressLeft(var key) -> {
          events.notOurs(key);
          statuses.remove(key);
        }
        case News.ObjectIs(var object, var created) -> objectIs(object, created);
        case News.ObjectMissing(var key) -> serviceIs(key, null);
      }
    }
    wakeWriters();
  }

  private void ingressIs(IngressResource ingress, boolean served, boolean asksAnew) {
    events.ours(ingress.key());
    if (asksAnew && settings.syncEvents() && !ingress.meta().deleting()) {
      events.say(EventNote.sync(ingress.ref()));
    }
    if (served) {
      statuses.put(ingress);
    } else {
      statuses.remove(ingress.key());
    }
  }

  private void objectIs(Resource object, boolean created) {
    if (object instanceof ConfigMapResource map) {
      events.say(EventNote.settings(map.ref(), created));
    } else if (object instanceof ServiceResource now) {
      serviceIs(now.key(), now);
    }
  }

  private void serviceIs(ObjectKey key, @Nullable ServiceResource now) {
    if (service != null && service.key().equals(key)) {
      service.is(now);
      if (statusTask != null) {
        statusTask.addressesChanged();
      }
    }
  }

  @Override
  public void onFindings(FindingChanges changes) {
    if (writes()) {
      changes.resolved().forEach(events::resolved);
      changes.appeared().forEach(events::appeared);
      wakeWriters();
    }
  }

  private void wakeWriters() {
    if (eventTask != null) {
      eventTask.wake();
    }
    if (statusTask != null) {
      statusTask.wake();
    }
  }

  @Override
  public void collect(MetricWriter out) {
    metrics.collect(out);
  }

  /**
   * Begins to end: stops writing, takes our address away if nobody serves after us, and gives the
   * Lease back, so that another replica goes on at once. Doesn't wait.
   */
  public void leave() {
    if (leaving == null && (election != null || !writers.isEmpty())) {
      leaving = Thread.ofVirtual().name("leaving").start(this::end);
    }
  }

  private void end() {
    try {
      writers.forEach(Thread::interrupt);
      for (var writer : writers) {
        writer.join(Farewell.LONGEST);
      }
      if (elector != null && election != null) {
        if (statusTask != null && settings.status().clearAtEnd() && elector.leads()) {
          farewell.clear(new StatusWriter(calls, elector, metrics));
        }
        election.interrupt();
        election.join(Farewell.LONGEST);
        elector.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Leaves, and waits for it, some seconds at most. */
  @Override
  public void close() {
    leave();
    Optional.ofNullable(leaving).ifPresent(Reporter::await);
    calls.close();
  }

  private static void await(Thread leaving) {
    try {
      if (!leaving.join(Farewell.LONGEST.multipliedBy(2))) {
        leaving.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
