package dev.weir.controller.loop;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.Dependency;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.Resource;
import dev.weir.controller.source.SourceBatch;
import dev.weir.controller.source.SourceListener;
import dev.weir.dataplane.model.TableChange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller loop. Sources call it from their threads; one thread of its own owns the cluster
 * state, compiles what changed and applies it.
 *
 * <p>There is no debounce: a change that arrives alone is compiled alone and at once; what arrives
 * while a compile runs is taken together in the next. Nothing is compiled before the source has
 * delivered everything that exists.
 *
 * <p>The thread outlives every fault: what one change, compile, apply or listener throws is logged
 * and counted, and the next event is taken.
 *
 * <p>Its public methods may be called from any thread.
 */
public final class Controller implements SourceListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Controller.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration EXPIRY_CHECK = Duration.ofHours(1);

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final ClusterState state;
  private final LeavingNamespaces leaving;
  private final FindingBook findings = new FindingBook();
  private final Compilation compilation;
  private final AppliedTable table = new AppliedTable();
  private final NewsDesk desk;
  private final TableTarget target;
  private final ControllerListener listener;
  private final Clock clock;
  private final CompletableFuture<TableStats> firstTable = new CompletableFuture<>();
  private final Thread thread;
  private final Set<Dependency> changes = new HashSet<>();
  private boolean synced;
  private boolean compiled;
  private long failures;
  private Instant expiryChecked = Instant.MIN;

  /** When the first event came that doesn't serve yet; null for none. */
  private @Nullable Long oldest;

  private volatile TableStats stats = TableStats.NONE;

  /** Takes changes: the data plane. */
  public interface TableTarget {
    /** Applies a change whole or throws and leaves things as they were; answers the new version. */
    long apply(TableChange change);

    /** Lets traffic go first for a moment: called again and again while much is compiled. */
    default void giveWay() {}
  }

  private sealed interface Event {
    /** Came at {@link System#nanoTime} {@code at}. */
    record Batch(SourceBatch batch, long at) implements Event {}

    record Synced() implements Event {}

    record Ask(CompletableFuture<Snapshot> answer) implements Event {}

    record Stop() implements Event {}
  }

  /**
   * @param settings the controller's own ConfigMap, if one is named
   */
  public Controller(
      Translation translation,
      @Nullable ObjectKey settings,
      TableTarget target,
      ControllerListener listener,
      Clock clock) {
    this.state = new ClusterState(settings);
    this.leaving = new LeavingNamespaces(state);
    this.compilation = new Compilation(translation, state, findings, target::giveWay);
    this.desk = new NewsDesk(listener.interest(), translation, state);
    this.target = target;
    this.listener = listener;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("weir-controller").daemon().unstarted(this::run);
  }

  /** Starts the controller thread; called once. */
  public void start() {
    thread.start();
  }

  @Override
  public void onBatch(SourceBatch batch) {
    events.add(new Event.Batch(batch, System.nanoTime()));
  }

  @Override
  public void onSynced() {
    events.add(new Event.Synced());
  }

  /** Completed when the first table serves. */
  public CompletableFuture<TableStats> firstTable() {
    return firstTable;
  }

  /** Figures of the table that serves now. */
  public TableStats stats() {
    return stats;
  }

  /** The whole table, made by the controller thread after what was delivered before this call. */
  public CompletableFuture<Snapshot> snapshot() {
    var answer = new CompletableFuture<Snapshot>();
    events.add(new Event.Ask(answer));
    return answer;
  }

  /**
   * The cluster as it is known now; empty before the first table serves. What is asked of it is
   * answered without waiting, on any thread, while changes go on.
   */
  public Optional<ClusterView> cluster() {
    return firstTable.isDone() ? Optional.of(state) : Optional.empty();
  }

  /** Ends the controller thread; what is applied goes on serving. */
  @Override
  public void close() {
    events.add(new Event.Stop());
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    var gathered = new ArrayList<Event>();
    while (true) {
      gathered.clear();
      try {
        var first = events.poll((waiting() ? RETRY : EXPIRY_CHECK).toMillis(), MILLISECONDS);
        if (first != null) {
          gathered.add(first);
        }
      } catch (InterruptedException e) {
        return; // nobody interrupts this thread but a JVM that ends
      }
      events.drainTo(gathered);
      if (!handle(gathered)) {
        return;
      }
    }
  }

  /** Whether a difference could not be applied and has to be tried again. */
  private boolean waiting() {
    return !stats.lastSucceeded();
  }

  private boolean handle(List<Event> gathered) {
    long began = System.nanoTime();
    var questions = new ArrayList<CompletableFuture<Snapshot>>();
    boolean goOn = true;
    for (var event : gathered) {
      switch (event) {
        case Event.Batch batch -> {
          // In order, so the first one that waits is the oldest.
          oldest = oldest == null ? batch.at() : oldest;
          take(batch.batch());
        }
        case Event.Synced s -> synced = true;
        case Event.Ask ask -> questions.add(ask.answer());
        case Event.Stop s -> goOn = false;
      }
    }
    if (synced && goOn) {
      survive("compiling and applying changes", () -> compileAndApply(began));
    }
    for (var question : questions) {
      survive(
          "making a snapshot",
          () -> question.complete(new Snapshot(table.table(), findings.all(), stats)));
    }
    return goOn;
  }

  /** Errors too: without this thread nothing would ever change again. */
  private void survive(String what, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      failures++;
      LOG.error("{} failed; the controller goes on. This is a bug.", what, e);
    }
  }

  private void take(SourceBatch batch) {
    for (var change : batch.changes()) {
      survive("taking a change of " + batch.scope(), () -> take(change));
    }
    survive("letting namespaces go", () -> changes.addAll(leaving.letGo()));
    survive(
        "taking the findings of " + batch.scope(),
        () -> findings.report(batch.scope(), batch.findings()));
  }

  private void take(SourceBatch.Change change) {
    switch (change) {
      case SourceBatch.Change.Put put -> put(put.resource());
      case SourceBatch.Change.Remove remove -> remove(remove.key());
      case SourceBatch.Change.Replace replace -> replace(replace);
    }
  }

  private void remove(ObjectKey key) {
    if (!leaving.keeps(key)) {
      changes.addAll(state.remove(key));
    }
  }

  private void put(Resource resource) {
    var kept = SecretKeeper.keep(state.get(resource.key()), resource);
    changes.addAll(state.put(kept));
  }

  private void replace(SourceBatch.Change.Replace list) {
    var gone = state.keys(list.kind());
    if (!list.namespace().isEmpty()) {
      gone.removeIf(key -> !key.namespace().equals(list.namespace()));
    }
    for (var resource : list.resources()) {
      gone.remove(resource.key());
      put(resource);
    }
    gone.forEach(this::remove);
  }

  private void compileAndApply(long began) {
    if (!compiled || !changes.isEmpty() || waiting()) {
      var touched = compiled ? compilation.compile(Set.copyOf(changes)) : compilation.compileAll();
      compiled = true;
      var taken = Set.copyOf(changes);
      changes.clear();
      apply(table.difference(compilation, touched), began);
      survive("telling of objects", () -> tell(desk.news(taken)));
    }
    oldest = waiting() ? oldest : null;
    // Either way: a clock that jumped may come back.
    if (Duration.between(expiryChecked, clock.instant()).abs().compareTo(EXPIRY_CHECK) > 0) {
      checkExpiry();
    }
    var told = findings.settle();
    if (!told.isEmpty()) {
      stats = stats(stats.version(), stats.lastSucceeded());
      survive("telling of findings", () -> listener.onFindings(told));
    }
  }

  private void tell(List<News> news) {
    if (!news.isEmpty()) {
      listener.onNews(news);
    }
  }

  private void checkExpiry() {
    expiryChecked = clock.instant();
    findings.report(
        ExpiryWatch.class, ExpiryWatch.findings(table, compilation.settings(), expiryChecked));
  }

  private void apply(TableChange change, long began) {
    if (change.isEmpty() && firstTable.isDone()) {
      // What could not be applied may have been taken back: then nothing is pending any more.
      stats = stats(stats.version(), true);
      return;
    }
    long ready = System.nanoTime();
    try {
      long version = target.apply(change);
      table.applied(change);
      stats = stats(version, true);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      // The difference stays pending: it is part of the next change.
      failures++;
      stats = stats(stats.version(), false);
      LOG.error("A change could not be applied; the table before it goes on serving.", e);
      survive("telling of a failure", () -> listener.onApplyFailed(e));
      return;
    }
    long done = System.nanoTime();
    if (!change.certificates().equals(TableChange.Certificates.NONE)) {
      survive("looking for certificates that expire", this::checkExpiry);
    }
    // Before it there is nothing that requests could have seen.
    boolean first = firstTable.complete(stats);
    survive(
        "telling of a table", () -> listener.onApplied(change, stats, ready - began, done - ready));
    var since = oldest;
    if (since != null && !first) {
      survive("telling how long it took", () -> listener.onPropagated(done - since));
    }
  }

  private TableStats stats(long version, boolean succeeded) {
    return new TableStats(
        version,
        clock.instant(),
        succeeded,
        failures + compilation.faults(),
        new TableStats.Sizes(
            table.hostCount(), table.routeCount(), table.upstreamCount(), table.certificateCount()),
        findings.counts());
  }
}
