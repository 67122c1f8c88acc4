package dev.weir.dataplane.exchange;

import dev.weir.dataplane.codec.Downstream;
import dev.weir.dataplane.codec.Http1ServerConnection;
import dev.weir.dataplane.codec.ServerLimits;
import dev.weir.dataplane.codec.Transport;
import dev.weir.dataplane.filter.FilterServices;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.http.IpAddress;
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
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A proxy on a socket whose only route has filters of a test's own. */
final class FilteredProxy implements AutoCloseable {
  private static final UpstreamId WEB = new UpstreamId("default", "web", "80");

  private final ChannelGroup accepted = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
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
  private final Channel listening;

  /** Forwards to that port of 127.0.0.1. */
  FilteredProxy(int backend, RouteFilter... filters) {
    var endpoint = new Endpoint("127.0.0.1", backend, "", "", false);
    upstreams.apply(
        Map.of(
            WEB,
            new Upstream(
                WEB,
                new Upstream.Target.Endpoints(List.of(endpoint)),
                Upstream.LoadBalancing.ROUND_ROBIN)),
        Set.of());
    var planner =
        new RoutePlanner(upstreams, new FilterServices(System::nanoTime, Runnable::run), telemetry);
    long minute = TimeUnit.MINUTES.toNanos(1);
    var limits = new ServerLimits(minute, 0, minute, minute, minute, UnusualFields.DEFAULT, false);
    var table = new RouteTable(router(planner, List.of(filters)), ProxySettings.DEFAULT, limits, 1);
    var exchanges = new Exchanges(upstreams, planner, () -> table, () -> 443, telemetry, accessLog);
    listening =
        new ServerBootstrap()
            .group(loops)
            .channel(Transport.best().serverChannel())
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accepted.add(channel);
                    var client =
                        new Downstream(
                            channel.eventLoop(), IpAddress.NONE, "", false, false, 80, 80);
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

  private static Router<RoutePlan> router(RoutePlanner planner, List<RouteFilter> filters) {
    var route =
        new Route(
            new PathMatch.Prefix("/"),
            new RouteAction.Forward(WEB),
            RouteOrigin.NONE,
            List.of(),
            Timeouts.DEFAULT,
            RetryPolicy.DEFAULT);
    Router<RoutePlan> router =
        Router.empty(
            (host, wanted, previous) -> {
              var plan = planner.compile(host, wanted, null);
              List<RouteFilter> all = new ArrayList<>(plan.filters());
              all.addAll(filters);
              return new RoutePlan(
                  wanted,
                  all,
                  ReplyPhase.of(all),
                  plan.host(),
                  plan.counters(),
                  plan.budget(),
                  plan.tls());
            });
    var pattern = HostPattern.of("shop.example.com");
    return router.with(Map.of(pattern, new VirtualHost(pattern, "", List.of(route))), Set.of());
  }

  Socket connect() throws IOException {
    var socket = new Socket();
    socket.setSoTimeout(60_000);
    socket.connect(listening.localAddress());
    return socket;
  }

  @Override
  public void close() {
    accessLog.close();
    upstreams.close();
    // A loop that is busy when it is told to stop at once may leave its connections as they are.
    listening.close().syncUninterruptibly();
    accepted.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
