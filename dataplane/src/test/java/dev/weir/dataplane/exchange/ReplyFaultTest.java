package dev.weir.dataplane.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.codec.Downstream;
import dev.weir.dataplane.codec.Http1ServerConnection;
import dev.weir.dataplane.codec.ServerLimits;
import dev.weir.dataplane.codec.Transport;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.FilterServices;
import dev.weir.dataplane.filter.ReplyFilter;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.IpAddress;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.UnusualFields;
import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.Upstream;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.dataplane.router.Router;
import dev.weir.dataplane.telemetry.AccessLog;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import dev.weir.dataplane.upstream.DnsSettings;
import dev.weir.dataplane.upstream.ServiceLimits;
import dev.weir.dataplane.upstream.Upstreams;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A reply filter that fails, or wants what no reply may have: 500, and the connection ends. */
class ReplyFaultTest {
  private static final UpstreamId WEB = new UpstreamId("default", "web", "80");
  private static final String REQUEST = "GET / HTTP/1.1\r\nHost: shop.example.com\r\n\r\n";

  /** Throws where the field is named {@code throws}, else sets it. */
  private record Setting(String name) implements ReplyFilter {
    @Override
    public FilterPhase phase() {
      return FilterPhase.BACKEND;
    }

    @Override
    public FilterOutcome onRequest(FilterRequest request) {
      return FilterOutcome.Continue.CONTINUE;
    }

    @Override
    public void onReply(FilterRequest request, ReplyHead reply, HeadEdits edits) {
      if (name.equals("throws")) {
        throw new IllegalStateException("a filter's bug");
      }
      edits.set(name, "x");
    }
  }

  private static final class Proxy implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(1, Transport.best().ioHandlerFactory());
    private final Telemetry telemetry = new Telemetry(TelemetrySettings.DEFAULT, Clock.systemUTC());
    private final AccessLog accessLog = new AccessLog(OutputStream.nullOutputStream());
    private final Upstreams upstreams =
        new Upstreams(
            Transport.best(),
            ProxySettings.DEFAULT::upstream,
            ServiceLimits.DEFAULT,
            DnsSettings.system(true));
    private final ServerSocket backend = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Channel listening;

    Proxy(boolean forwards, String field) throws IOException {
      Thread.ofVirtual().start(this::answer);
      var endpoint = new Endpoint("127.0.0.1", backend.getLocalPort(), "", "", false);
      upstreams.apply(
          Map.of(
              WEB,
              new Upstream(
                  WEB,
                  new Upstream.Target.Endpoints(List.of(endpoint)),
                  Upstream.LoadBalancing.ROUND_ROBIN)),
          Set.of());
      var planner =
          new RoutePlanner(
              upstreams, new FilterServices(System::nanoTime, Runnable::run), telemetry);
      long minute = TimeUnit.MINUTES.toNanos(1);
      var limits =
          new ServerLimits(minute, 0, minute, minute, minute, UnusualFields.DEFAULT, false);
      var table =
          new RouteTable(router(planner, forwards, field), ProxySettings.DEFAULT, limits, 1);
      var exchanges =
          new Exchanges(upstreams, planner, () -> table, () -> 443, telemetry, accessLog);
      listening =
          new ServerBootstrap()
              .group(loops)
              .channel(Transport.best().serverChannel())
              .childHandler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                      var client =
                          new Downstream(
                              channel.eventLoop(), IpAddress.NONE, "", false, false, 0, 0);
                      channel
                          .pipeline()
                          .addLast(
                              new Http1ServerConnection(
                                  client, () -> limits, exchanges, telemetry.connections()));
                    }
                  })
              .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .syncUninterruptibly()
              .channel();
    }

    private static Router<RoutePlan> router(RoutePlanner planner, boolean forwards, String field) {
      var action = forwards ? new RouteAction.Forward(WEB) : RouteAction.Respond.notFound();
      var route =
          new Route(
              new PathMatch.Prefix("/"),
              action,
              RouteOrigin.NONE,
              List.of(),
              Timeouts.DEFAULT,
              RetryPolicy.DEFAULT);
      Router<RoutePlan> router =
          Router.empty(
              (host, wanted, previous) -> {
                var plan = planner.compile(host, wanted, null);
                List<RouteFilter> filters = new ArrayList<>(plan.filters());
                filters.add(new Setting(field));
                return new RoutePlan(
                    wanted,
                    filters,
                    ReplyPhase.of(filters),
                    plan.host(),
                    plan.counters(),
                    plan.budget(),
                    plan.tls());
              });
      var pattern = HostPattern.of("shop.example.com");
      return router.with(Map.of(pattern, new VirtualHost(pattern, "", List.of(route))), Set.of());
    }

    private void answer() {
      while (!backend.isClosed()) {
        try (var socket = backend.accept()) {
          var _ = socket.getInputStream().read(new byte[4096]);
          socket
              .getOutputStream()
              .write(
                  "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"
                      .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
          return;
        }
      }
    }

    String talk() throws IOException {
      // The second is not to be answered: the connection ends with the first.
      return talk(REQUEST + REQUEST);
    }

    String talkOnce() throws IOException {
      return talk(REQUEST.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    }

    private String talk(String requests) throws IOException {
      try (var socket = new Socket()) {
        socket.setSoTimeout(60_000);
        socket.connect(listening.localAddress());
        socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      }
    }

    @Override
    public void close() throws IOException {
      accessLog.close();
      backend.close();
      upstreams.close();
      loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, throws",
    "true, content-length",
    "true, transfer-encoding",
    "true, connection",
    "true, keep-alive",
    "true, upgrade",
    "true, trailer",
    "true, 'not a token'",
    "true, 'x:'",
    "true, ''",
    "false, throws",
    "false, content-length",
    "false, 'not a token'"
  })
  void theClientGets500OnceAndTheConnectionEnds(boolean forwards, String field) throws Exception {
    try (var proxy = new Proxy(forwards, field)) {
      var seen = proxy.talk();
      assertThat(seen).startsWith("HTTP/1.1 500 Internal Server Error\r\n");
      assertThat(seen).contains("connection: close\r\n").doesNotContain("body\r\n", "200 OK");
      assertThat(seen.split("HTTP/1.1 ", -1)).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 200", "false, 404"})
  void anEditThatIsAFieldIsSent(boolean forwards, int status) throws Exception {
    try (var proxy = new Proxy(forwards, "x-field")) {
      assertThat(proxy.talkOnce()).startsWith("HTTP/1.1 " + status).contains("x-field: x\r\n");
    }
  }
}
