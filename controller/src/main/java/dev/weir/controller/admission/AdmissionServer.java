package dev.weir.controller.admission;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.weir.controller.admission.AdmissionRequest.Malformed;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.translate.IngressReview;
import dev.weir.dataplane.telemetry.AdmissionMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The webhook's port: {@code POST /networking/v1/ingresses} over TLS, nothing else.
 *
 * <p>It must neither hurt the proxy nor stop people from writing. So a connection costs a virtual
 * thread only; bodies in memory, questions that wait and threads that think are bounded, and so is
 * the time of an answer; what is beyond a bound is allowed with a warning. How many connections
 * there may be and how long a request may take to arrive is bounded by properties of the JDK's
 * server, which hold for the whole process: the admin server sets them.
 */
public final class AdmissionServer implements AutoCloseable {
  /** Where questions are asked. */
  public static final String PATH = "/networking/v1/ingresses";

  static final int LONGEST_BODY = 9 * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(AdmissionServer.class);
  private static final int BACKLOG = 128;
  private static final int WARM_UP_MILLIS = 20;
  private static final int DRAINED = 4 * LONGEST_BODY;
  private static final Pattern TIMEOUT = Pattern.compile("(?:^|&)timeout=(\\d{1,3})s(?:&|$)");
  private static final String TOO_MUCH = "too many questions at once";

  private final HttpsServer server;
  private final Limits limits;
  private final CertificateFiles certificate;
  private final Reviewer reviewer;
  private final Judges judges;
  private final AdmissionMetrics metrics;
  private final Semaphore room;
  private final WarmUp warmUp;
  private final ExecutorService connections =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("weir-webhook-", 0).factory());
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("weir-webhook-files").daemon().factory());

  /** Address and files: {@code --validating-webhook} and its two companions. */
  public record Place(InetSocketAddress address, Path certificate, Path key) {}

  /**
   * What it may take.
   *
   * @param answer the longest that a question may take
   * @param waiting questions that wait for a thread
   * @param bytes of bodies in memory
   * @param look how often the files are looked at
   */
  record Limits(Duration answer, int waiting, int bytes, Duration look) {
    static final Limits DEFAULT =
        new Limits(Duration.ofSeconds(3), 64, 12 * 1024 * 1024, Duration.ofSeconds(1));
  }

  private AdmissionServer(
      HttpsServer server,
      CertificateFiles certificate,
      Reviewer reviewer,
      AdmissionMetrics metrics,
      Limits limits) {
    this.server = server;
    this.certificate = certificate;
    this.reviewer = reviewer;
    this.metrics = metrics;
    this.limits = limits;
    this.judges = new Judges(limits.waiting());
    this.room = new Semaphore(limits.bytes());
    this.warmUp = new WarmUp();
  }

  /**
   * Binds and answers from now on. Questions that come before there is a certificate fail.
   *
   * @param translation says what is wrong with an Ingress
   * @param cluster empty until everything has been read once
   * @throws IOException if the address can't be bound
   */
  public static AdmissionServer start(
      Place place,
      IngressReview translation,
      Supplier<Optional<ClusterView>> cluster,
      AdmissionMetrics metrics)
      throws IOException {
    return start(
        place, new Reviewer(translation, cluster, Clock.systemUTC()), metrics, Limits.DEFAULT);
  }

  static AdmissionServer start(
      Place place, Reviewer reviewer, AdmissionMetrics metrics, Limits limits) throws IOException {
    var certificate = new CertificateFiles(place.certificate(), place.key());
    var server = HttpsServer.create(place.address(), BACKLOG);
    server.setHttpsConfigurator(new HttpsConfigurator(tls(certificate)));
    var admission = new AdmissionServer(server, certificate, reviewer, metrics, limits);
    server.setExecutor(admission.connections);
    server.createContext("/", admission::handle);
    certificate.reload();
    server.start();
    long look = limits.look().toNanos();
    var _ = admission.watch.scheduleWithFixedDelay(admission::look, look, look, NANOSECONDS);
    admission.watch.execute(admission::warmUpTls);
    return admission;
  }

  private static SSLContext tls(CertificateFiles certificate) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {certificate}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
  }

  /** Where it listens, with the port that the system chose if 0 was asked for. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    watch.shutdownNow();
    server.stop(0);
    connections.shutdownNow();
    judges.close();
  }

  private void look() {
    try {
      certificate.reload();
    } catch (RuntimeException e) {
      LOG.error("looking at the admission webhook's files failed. This is a bug.", e);
    }
  }

  /** What can be done before the cluster is read. */
  private void warmUpTls() {
    if (certificate.present()) {
      warmUp.greet(address());
    }
    warmUp();
  }

  /** As soon as there is something to answer with. */
  private void warmUp() {
    if (certificate.present() && reviewer.isReady()) {
      warmUp.ask(address());
    } else {
      var _ = watch.schedule(this::warmUp, WARM_UP_MILLIS, MILLISECONDS);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(PATH)) {
        text(exchange, 404, "not found; there is " + PATH + "\n");
      } else if (!exchange.getRequestMethod().equals("POST")) {
        exchange.getResponseHeaders().set("Allow", "POST");
        text(exchange, 405, "only POST\n");
      } else {
        post(exchange);
      }
    } catch (RuntimeException e) {
      LOG.error("a question could not be answered. This is a bug.", e);
      text(exchange, 500, "internal error, see the log\n");
    }
  }

  private void post(HttpExchange exchange) throws IOException {
    var time = new Judges.Time(System.nanoTime(), longest(exchange));
    long length = length(exchange);
    if (length > LONGEST_BODY) {
      tooLarge(exchange);
      return;
    }
    int bytes = length < 0 ? LONGEST_BODY : (int) length;
    if (!acquired(Math.min(bytes, limits.bytes()), time.longest().dividedBy(2))) {
      unread(exchange);
      return;
    }
    try {
      var body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
      if (body.length > LONGEST_BODY) {
        tooLarge(exchange);
      } else {
        answer(exchange, body, time);
      }
    } finally {
      room.release(Math.min(bytes, limits.bytes()));
    }
  }

  /**
   * An API server says how long it waits ({@code ?timeout=10s}); where a webhook must not fail,
   * whoever answers later has refused.
   */
  private Duration longest(HttpExchange exchange) {
    var query = exchange.getRequestURI().getQuery();
    var timeout = TIMEOUT.matcher(query == null ? "" : query);
    if (timeout.find()) {
      var most = Duration.ofMillis(Integer.parseInt(timeout.group(1)) * 750L);
      if (most.isPositive() && most.compareTo(limits.answer()) < 0) {
        return most;
      }
    }
    return limits.answer();
  }

  private static long length(HttpExchange exchange) {
    var text = exchange.getRequestHeaders().getFirst("Content-Length");
    try {
      return text == null ? -1 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private boolean acquired(int bytes, Duration longest) {
    try {
      return room.tryAcquire(bytes, longest.toMillis(), MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void answer(HttpExchange exchange, byte[] body, Judges.Time time) throws IOException {
    AdmissionRequest request;
    try {
      request = AdmissionRequest.read(body);
    } catch (Malformed e) {
      text(exchange, 400, e.getMessage() + "\n");
      return;
    }
    var verdict = judges.ask(time, mayGoOn -> reviewer.decide(request, mayGoOn));
    if (!warmUp.asked(request.uid())) {
      record(verdict, body.length, System.nanoTime() - time.began());
    }
    reply(exchange, request, verdict.decision().answer());
  }

  private void record(Judges.Verdict verdict, int bytes, long nanos) {
    var decision = verdict.decision();
    boolean allowed = decision.answer().allowed();
    if (decision.checked().isPresent()) {
      var key = decision.checked().get();
      metrics.checked(
          new AdmissionMetrics.Subject(key.namespace(), key.name()),
          allowed,
          new AdmissionMetrics.Check(bytes, decision.neighbours(), verdict.nanos(), nanos));
    } else {
      metrics.unchecked(allowed);
    }
  }

  /** There is no room for the body: what it takes to allow stands at its begin. */
  private void unread(HttpExchange exchange) throws IOException {
    try {
      var request = AdmissionRequest.readHead(exchange.getRequestBody());
      drain(exchange);
      metrics.unchecked(true);
      reply(exchange, request, AdmissionAnswer.unchecked(TOO_MUCH));
    } catch (Malformed e) {
      text(exchange, 400, e.getMessage() + "\n");
    }
  }

  private static void tooLarge(HttpExchange exchange) throws IOException {
    drain(exchange);
    exchange.getResponseHeaders().set("Connection", "close");
    text(exchange, 413, "the body is longer than " + LONGEST_BODY + " bytes\n");
  }

  /** A client that still writes would not read the answer. */
  private static void drain(HttpExchange exchange) throws IOException {
    var buffer = new byte[1 << 14];
    int left = DRAINED;
    int read = 0;
    while (left > 0 && read >= 0) {
      read = exchange.getRequestBody().read(buffer);
      left -= read;
    }
  }

  private static void reply(HttpExchange exchange, AdmissionRequest request, AdmissionAnswer answer)
      throws IOException {
    send(exchange, 200, "application/json", answer.json(request.version(), request.uid()));
  }

  private static void text(HttpExchange exchange, int status, String body) throws IOException {
    send(exchange, status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
