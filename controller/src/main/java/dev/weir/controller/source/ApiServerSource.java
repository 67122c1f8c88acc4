package dev.weir.controller.source;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects from an API server: one list/watch loop for each kind, in all namespaces or in those that
 * the options name.
 *
 * <p>Each loop lists in pages and turns every object into its record at once, then watches over
 * plain HTTP, 30 to 45 s at a time, so that a watch without a sign of life is noticed soon.
 * Whatever happens to the server, what was delivered stays until a complete new list replaces it.
 *
 * <p>{@link #start}, {@link #close} and {@link #states} may be called from any thread. The listener
 * is called from the loops' threads, by one at a time.
 */
public final class ApiServerSource implements Source {
  private static final Logger log = LoggerFactory.getLogger(ApiServerSource.class);
  private static final Duration CLOSING = Duration.ofSeconds(2);

  private final ApiServerAccess access;
  private final ApiServerOptions options;
  private final ApiServerTiming timing;
  private final List<Thread> threads = new ArrayList<>();
  private volatile List<KindWatch> watches = List.of();
  private @Nullable WatchServices services;

  /**
   * @param access stays open when this source is closed
   */
  public ApiServerSource(ApiServerAccess access, ApiServerOptions options, ApiServerTiming timing) {
    this.access = access;
    this.options = options;
    this.timing = timing;
  }

  @Override
  public synchronized void start(SourceListener listener) {
    if (services != null) {
      throw new IllegalStateException("started already");
    }
    log.info("Reading from the API server at {}", access.address());
    var scopes = scopes();
    var shared = services(new Deliveries(listener, scopes.size()));
    services = shared;
    watches =
        scopes.stream()
            .map(scope -> new KindWatch(scope.kind(), scope.namespace(), shared, random()))
            .toList();
    for (var watch : watches) {
      var name = "api-" + watch.state().kind().text();
      threads.add(Thread.ofVirtual().name(name).start(watch));
    }
  }

  private WatchServices services(Deliveries deliveries) {
    var mapper = new ObjectMapper();
    return new WatchServices(
        new ApiClient(access, mapper, timing.answer()),
        new ObjectReader(mapper),
        new Watchdog(),
        new RetryGate(access.address(), timing),
        deliveries,
        timing);
  }

  private static Random random() {
    return new Random(ThreadLocalRandom.current().nextLong());
  }

  private record Scope(WatchedKind kind, String namespace) {}

  private List<Scope> scopes() {
    var scopes = new ArrayList<Scope>();
    for (var kind : WatchedKind.ALL) {
      for (var namespace : namespaces(kind)) {
        boolean beside = !namespace.isEmpty() && !namespace.equals(options.watchNamespace());
        scopes.add(new Scope(beside ? kind.besideTheWatchedNamespace() : kind, namespace));
      }
    }
    return scopes;
  }

  private Set<String> namespaces(WatchedKind kind) {
    if (!kind.kind().namespaced() || options.watchNamespace().isEmpty()) {
      return Set.of("");
    }
    var namespaces = new TreeSet<>(Set.of(options.watchNamespace()));
    namespaces.addAll(options.alsoRead().getOrDefault(kind.kind(), Set.of()));
    return namespaces;
  }

  /** How each watch is doing; empty before the start. */
  public List<SourceState> states() {
    return watches.stream().map(KindWatch::state).toList();
  }

  @Override
  public void close() {
    WatchServices shared;
    List<Thread> ending;
    synchronized (this) {
      shared = services;
      ending = List.copyOf(threads);
    }
    if (shared == null) {
      return;
    }
    shared.deliveries().close();
    ending.forEach(Thread::interrupt);
    watches.forEach(KindWatch::cut);
    shared.gate().close();
    shared.watchdog().close();
    join(ending);
  }

  private static void join(List<Thread> threads) {
    try {
      for (var thread : threads) {
        if (!thread.equals(Thread.currentThread()) && !thread.join(CLOSING)) {
          log.warn("{} is still busy", thread.getName());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
