package dev.weir.dataplane.upstream;

import dev.weir.dataplane.codec.Transport;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.Upstream;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.overload.Descriptors;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Upstreams on event loops of their own, for one test. */
final class UpstreamsFixture implements AutoCloseable {
  static final UpstreamId ID = new UpstreamId("default", "web", "80");

  volatile ProxySettings.Keepalive keepalive = ProxySettings.DEFAULT.upstream();
  final List<EventLoop> loops = new ArrayList<>();
  final Upstreams upstreams;
  private final EventLoopGroup group;

  UpstreamsFixture(Transport transport, int loopCount) {
    this(transport, loopCount, DnsSettings.system(true));
  }

  UpstreamsFixture(ServiceLimits limits) {
    this(Transport.best(), 1, DnsSettings.system(true), limits);
  }

  UpstreamsFixture(Transport transport, int loopCount, DnsSettings dns) {
    this(transport, loopCount, dns, ServiceLimits.DEFAULT);
  }

  private UpstreamsFixture(
      Transport transport, int loopCount, DnsSettings dns, ServiceLimits limits) {
    group = new MultiThreadIoEventLoopGroup(loopCount, transport.ioHandlerFactory());
    for (int i = 0; i < loopCount; i++) {
      loops.add(group.next());
    }
    upstreams = new Upstreams(transport, () -> keepalive, limits, dns);
  }

  UpstreamsFixture() {
    this(Transport.best(), 1);
  }

  /** Of an upstream that shares nothing with others. */
  static ServiceLoad load() {
    return new ServiceLoad(ServiceLimits.DEFAULT, Descriptors.unlimited());
  }

  void keepalive(int connections, Duration timeout, int requests) {
    keepalive = new ProxySettings.Keepalive(connections, timeout, requests);
  }

  void endpoints(Endpoint... endpoints) {
    endpoints(ID, endpoints);
  }

  void endpoints(UpstreamId id, Endpoint... endpoints) {
    put(id, new Upstream.Target.Endpoints(List.of(endpoints)));
  }

  void put(UpstreamId id, Upstream.Target target) {
    upstreams.apply(
        Map.of(id, new Upstream(id, target, Upstream.LoadBalancing.ROUND_ROBIN)), Set.of());
  }

  TestClient client(RequestHead request) {
    return new TestClient(loops.getFirst(), request);
  }

  TestClient start(RequestHead request) {
    return client(request).start(upstreams, ID);
  }

  String get(String target) throws Exception {
    return start(TestRequest.get(target)).await();
  }

  /** Idle connections of all loops. */
  int idle() {
    return loops.stream()
        .mapToInt(loop -> loop.submit(() -> upstreams.idle(loop)).syncUninterruptibly().getNow())
        .sum();
  }

  StreamRequest request(Timeouts timeouts) {
    return new StreamRequest(ID, loops.getFirst(), timeouts, Set.of(), StreamRequest.Reuse.ANY);
  }

  @Override
  public void close() {
    upstreams.close();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
