package dev.weir.dataplane.exchange;

import dev.weir.dataplane.codec.RequestHandler;
import dev.weir.dataplane.codec.ServerStream;
import dev.weir.dataplane.codec.ServerStreamListener;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.http.CanonicalPath;
import dev.weir.dataplane.http.HostText;
import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.http.TlsSession;
import dev.weir.dataplane.model.PatternLimitException;
import dev.weir.dataplane.overload.Admission;
import dev.weir.dataplane.router.HostRoutes;
import dev.weir.dataplane.router.SplitView;
import dev.weir.dataplane.telemetry.AccessLog;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.upstream.StreamSource;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns requests into exchanges: the door of this package for listeners. Shared by all loops. */
public final class Exchanges implements RequestHandler {
  /** Answers for liveness checks of load balancers that know no host (ingress-nginx.md 4.2). */
  private static final String HEALTH_PATH = "/healthz";

  /** Clients that find one certificate for several hosts use one connection for all of them. */
  private static final Refusal MISDIRECTED =
      new Refusal(421, "the connection was opened on other terms than this host's");

  private static final LocalReply SHED =
      LocalReply.page(503).with("retry-after", OwnAnswer.RETRY_AFTER);

  private static final LocalReply HEALTHY =
      new LocalReply(200, List.of(), LocalReply.Body.NONE, false);

  private final ExchangeServices services;
  private final Supplier<RouteTable> table;
  private final TlsCoverage coverage;
  private final RoutePlan noHost;
  private final Admission admission;

  /** Which requests a connection that speaks TLS may carry. */
  public interface TlsCoverage {
    /** Whether a connection that was opened for that name may carry requests for that host. */
    boolean covers(TlsSession session, HostText host);
  }

  /**
   * Which requests are served at all.
   *
   * @param coverage asked for requests that came by TLS
   * @param admission asked about each request, before it is routed
   */
  public record Entry(TlsCoverage coverage, Admission admission) {
    /** All. */
    static final Entry ALL = new Entry((session, host) -> true, Admission.ALL);
  }

  /** One where every connection may carry every request. */
  public Exchanges(
      StreamSource streams,
      RoutePlanner planner,
      Supplier<RouteTable> table,
      IntSupplier httpsPort,
      Telemetry telemetry,
      AccessLog log) {
    this(streams, planner, table, Entry.ALL, httpsPort, telemetry, log);
  }

  /**
   * Sets up.
   *
   * @param table the table that serves now; read once for each request
   * @param entry which requests are served at all
   * @param httpsPort where this proxy serves HTTPS
   */
  public Exchanges(
      StreamSource streams,
      RoutePlanner planner,
      Supplier<RouteTable> table,
      Entry entry,
      IntSupplier httpsPort,
      Telemetry telemetry,
      AccessLog log) {
    this.services = new ExchangeServices(streams, httpsPort, telemetry, log);
    this.coverage = entry.coverage;
    this.admission = entry.admission;
    this.table = table;
    this.noHost = planner.defaultPlan();
  }

  @Override
  public ServerStreamListener onRequest(ServerStream stream, RequestHead head) {
    var now = table.get();
    var routes = now.router().host(head.hostText());
    if (admission.mayShed()
        && !isHealthCheck(routes, head)
        && !admission.admits(stream.downstream().loop())) {
      return shed(stream, head);
    }
    @Nullable RoutePlan found;
    try {
      found = routes == null ? null : routes.find(head.pathText());
    } catch (PatternLimitException e) {
      var refused = new Exchange(services, this, stream, head, now, noHost);
      refused.fail(unmatchable(e));
      return refused;
    }
    var plan = found == null ? noHost : found;
    var exchange = new Exchange(services, this, stream, head, now, plan);
    var session = stream.downstream().session();
    if (session.encrypted() && !coverage.covers(session, head.hostText())) {
      exchange.fail(new ProxyError.ClientFault(MISDIRECTED));
    } else {
      start(exchange, head, routes, found);
    }
    return exchange;
  }

  /** Answers what isn't served at all; costs as little as may be. */
  private ServerStreamListener shed(ServerStream stream, RequestHead head) {
    var record = services.records().begin(noHost, head);
    record.refused(SHED.status(), head.lineText());
    services.replies().send(stream, SHED, null, (reply, edits) -> {});
    services.onEnd(record, stream, table.get().settings().accessLog(), null, true);
    services.records().add(record);
    head.release();
    return Unheard.STREAM;
  }

  /** Which route a path belongs to isn't known, and no other route may have it. */
  private static ProxyError unmatchable(PatternLimitException e) {
    return new ProxyError.ClientFault(new Refusal(400, "path can't be matched: " + e.getMessage()));
  }

  /**
   * Routes a request anew if another table serves by now.
   *
   * @return whether there is one; then the exchange has begun again
   */
  boolean beginAnew(Exchange exchange, RouteTable before) {
    var now = table.get();
    if (now.version() == before.version()) {
      return false;
    }
    var head = exchange.head();
    var routes = now.router().host(head.hostText());
    @Nullable RoutePlan found;
    try {
      found = routes == null ? null : routes.find(head.pathText());
    } catch (PatternLimitException e) {
      exchange.enter(now, noHost);
      exchange.fail(unmatchable(e));
      return true;
    }
    exchange.enter(now, found == null ? noHost : found);
    start(exchange, head, routes, found);
    return true;
  }

  private void start(
      Exchange exchange,
      RequestHead head,
      @Nullable HostRoutes<RoutePlan> routes,
      @Nullable RoutePlan found) {
    if (isHealthCheck(routes, head)) {
      exchange.keepOutOfLog();
      exchange.reply(HEALTHY);
    } else if (head.pathIsPlain()) {
      exchange.start();
    } else {
      startOddPath(exchange, head, routes, found);
    }
  }

  /** Of this proxy: what a host's own routes lead to is another's. */
  private static boolean isHealthCheck(@Nullable HostRoutes<RoutePlan> routes, RequestHead head) {
    return (routes == null || routes.label().isEmpty()) && head.path().equals(HEALTH_PATH);
  }

  /** What is sent upstream must lead to the same route there, whichever way it is read. */
  private static void startOddPath(
      Exchange exchange,
      RequestHead head,
      @Nullable HostRoutes<RoutePlan> routes,
      @Nullable RoutePlan found) {
    if (CanonicalPath.of(head.target()) instanceof CanonicalPath.Ok ok) {
      if (ok.ambiguous() && routes != null && SplitView.exists(routes, found, head.target())) {
        var refusal = new Refusal(400, "path that servers read differently");
        exchange.fail(new ProxyError.ClientFault(refusal));
        return;
      }
      if (ok.hadDotSegments()) {
        exchange.edits().target(CanonicalPath.forwarded(head.target()));
      }
    }
    exchange.start();
  }

  @Override
  public void onRefused(ServerStream stream, Refusal refusal, CharSequence line) {
    var record = new ExchangeRecord(noHost);
    record.begin(noHost, null);
    record.refused(refusal.status(), line);
    var reply = ErrorReplies.of(new ProxyError.ClientFault(refusal));
    services.replies().send(stream, reply, refusal.page(), (head, edits) -> {});
    services.onEnd(record, stream, table.get().settings().accessLog(), null, true);
  }
}
