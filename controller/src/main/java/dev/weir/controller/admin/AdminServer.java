package dev.weir.controller.admin;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weir.controller.loop.Snapshot;
import dev.weir.dataplane.model.RoutingTableText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port: {@code /healthz}, {@code /readyz}, {@code /metrics}, {@code /debug/routes} and
 * {@code /debug/findings}; GET and HEAD, nothing else.
 *
 * <p>It must answer a probe within its second whatever else happens. So a connection costs a
 * virtual thread only, their number and the time of a request are bounded, and of the pages whose
 * size grows with the cluster only two are made at a time; scrapes, which are sent while they are
 * made, don't count among these, and end after ten seconds.
 */
public final class AdminServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final int BACKLOG = 128;
  private static final int BIG_PAGES_AT_ONCE = 2;
  private static final int WAIT_SECONDS = 5;

  /** Prometheus' own bound unless it is told another. */
  private static final Duration SCRAPE = Duration.ofSeconds(10);

  private final HttpServer server;
  private final ExecutorService threads;
  private final AdminView view;
  private final String healthPath;
  private final Semaphore bigPages = new Semaphore(BIG_PAGES_AT_ONCE);
  private final Semaphore scrapes = new Semaphore(BIG_PAGES_AT_ONCE);
  private final Duration scrapeTime;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("weir-admin-clock").factory());

  private record Page(int status, String type, String body) {
    static Page text(int status, String body) {
      return new Page(status, TEXT, body);
    }
  }

  private AdminServer(HttpServer server, AdminView view, String healthPath, Duration scrapeTime) {
    this.server = server;
    this.scrapeTime = scrapeTime;
    this.view = view;
    this.healthPath = healthPath;
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("weir-admin-", 0).factory());
    server.setExecutor(threads);
    server.createContext("/", this::handle);
  }

  /**
   * Binds and answers from now on.
   *
   * @param healthPath {@code --health-check-path}
   * @throws IOException if the address can't be bound
   */
  public static AdminServer start(InetSocketAddress address, String healthPath, AdminView view)
      throws IOException {
    return start(address, healthPath, view, SCRAPE);
  }

  /** One that gives scrapers so much time. */
  static AdminServer start(
      InetSocketAddress address, String healthPath, AdminView view, Duration scrapeTime)
      throws IOException {
    boundTheJdksServer();
    var admin = new AdminServer(HttpServer.create(address, BACKLOG), view, healthPath, scrapeTime);
    admin.server.start();
    return admin;
  }

  /** Where it listens, with the port that the system chose if 0 was asked for. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    clock.shutdownNow();
  }

  /** The JDK's server takes its bounds (seconds, connections) from system properties only. */
  private static void boundTheJdksServer() {
    setUnlessGiven("sun.net.httpserver.maxReqTime", "10");
    setUnlessGiven("sun.net.httpserver.maxRspTime", "60");
    setUnlessGiven("sun.net.httpserver.idleInterval", "30");
    setUnlessGiven("jdk.httpserver.maxConnections", "512");
    setUnlessGiven("sun.net.httpserver.nodelay", "true");
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    if (isScrape(exchange)) {
      scrape(exchange);
      // Not after a failure: closed in good order, a part of the text would look like all of it.
      // The server just cuts the connection of a handler that throws.
      exchange.close();
      return;
    }
    try (exchange) {
      Page page;
      try {
        page = page(exchange);
      } catch (RuntimeException e) {
        LOG.error("{} could not be answered", exchange.getRequestURI().getPath(), e);
        page = Page.text(500, "internal error, see the log\n");
      }
      send(exchange, page);
    }
  }

  private static boolean isScrape(HttpExchange exchange) {
    return exchange.getRequestURI().getPath().equals("/metrics") && isRead(exchange);
  }

  private void scrape(HttpExchange exchange) throws IOException {
    var refusal = enter(scrapes);
    if (refusal.isPresent()) {
      send(exchange, refusal.get());
      return;
    }
    // Whoever doesn't read is waited for in a write, which an interrupt ends with the connection.
    var end =
        clock.schedule(Thread.currentThread()::interrupt, scrapeTime.toMillis(), MILLISECONDS);
    try {
      MetricsPage.send(exchange, view::writeMetrics);
    } catch (RuntimeException e) {
      LOG.error("/metrics was answered in part only", e);
      throw e;
    } finally {
      end.cancel(false);
      scrapes.release();
    }
  }

  private static boolean isRead(HttpExchange exchange) {
    var method = exchange.getRequestMethod();
    return method.equals("GET") || method.equals("HEAD");
  }

  private Page page(HttpExchange exchange) {
    if (!isRead(exchange)) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return Page.text(405, "only GET and HEAD\n");
    }
    var path = exchange.getRequestURI().getPath();
    if (path.equals(healthPath)) {
      return health(isVerbose(exchange.getRequestURI().getQuery()));
    }
    return switch (path) {
      case "/healthz", "/readyz" -> health(isVerbose(exchange.getRequestURI().getQuery()));
      case "/debug/routes" -> ofSnapshot(AdminServer::routes);
      case "/debug/findings" -> ofSnapshot(AdminServer::findings);
      default ->
          Page.text(
              404,
              "not found; there are /healthz /readyz /metrics /debug/routes /debug/findings\n");
    };
  }

  private static boolean isVerbose(@Nullable String query) {
    return query != null && List.of(query.split("&")).stream().anyMatch(AdminServer::isVerboseWord);
  }

  private static boolean isVerboseWord(String word) {
    return word.equals("verbose") || (word.startsWith("verbose=") && !word.endsWith("=false"));
  }

  private Page health(boolean verbose) {
    var health = view.health();
    var body = new StringBuilder(health.ready() ? "ok\n" : health.reason() + "\n");
    if (verbose) {
      view.details().forEach(line -> body.append(ControlCharacters.hidden(line)).append('\n'));
    }
    return Page.text(health.ready() ? 200 : 500, body.toString());
  }

  private static String routes(Snapshot snapshot) {
    var text = RoutingTableText.of(snapshot.table());
    return snapshot.findings().isEmpty() ? text : text + "\n" + findings(snapshot);
  }

  private static String findings(Snapshot snapshot) {
    var text = new StringBuilder();
    for (var finding : snapshot.findings()) {
      text.append(ControlCharacters.hidden(finding.text())).append('\n');
    }
    return text.toString();
  }

  private Page ofSnapshot(Function<Snapshot, String> print) {
    return big(
        () -> {
          try {
            return Page.text(200, print.apply(view.snapshot().get(WAIT_SECONDS, SECONDS)));
          } catch (TimeoutException | ExecutionException e) {
            return Page.text(503, "the controller is busy compiling, try again\n");
          }
        });
  }

  private interface Maker {
    Page make() throws InterruptedException;
  }

  private Page big(Maker maker) {
    var refusal = enter(bigPages);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    try {
      return maker.make();
    } catch (InterruptedException e) {
      return ending();
    } finally {
      bigPages.release();
    }
  }

  /** Takes one of them, or says why not. */
  private static Optional<Page> enter(Semaphore pages) {
    try {
      return pages.tryAcquire(WAIT_SECONDS, SECONDS)
          ? Optional.empty()
          : Optional.of(Page.text(503, "busy with other requests of this kind, try again\n"));
    } catch (InterruptedException e) {
      return Optional.of(ending());
    }
  }

  private static Page ending() {
    Thread.currentThread().interrupt();
    return Page.text(503, "ending\n");
  }

  private static void send(HttpExchange exchange, Page page) throws IOException {
    var bytes = page.body.getBytes(StandardCharsets.UTF_8);
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", page.type);
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", Integer.toString(bytes.length));
      exchange.sendResponseHeaders(page.status, -1);
      return;
    }
    exchange.sendResponseHeaders(page.status, bytes.length == 0 ? -1 : bytes.length);
    try (var body = exchange.getResponseBody()) {
      body.write(bytes);
    }
  }
}
