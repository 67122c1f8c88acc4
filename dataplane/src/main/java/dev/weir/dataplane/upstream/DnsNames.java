package dev.weir.dataplane.upstream;

import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.Upstream.Target.DnsName;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets upstreams follow names. Names are resolved on one event loop of their own, which starts with
 * the first name: reading {@code resolv.conf} and waiting for slow servers never touches traffic.
 *
 * <p>May be used from any thread.
 */
final class DnsNames implements AutoCloseable {
  private final DnsSettings settings;

  /** Guarded by this. */
  private @Nullable EventLoopGroup group;

  /** Owned by the event loop. */
  private @Nullable DnsLookup lookup;

  DnsNames(DnsSettings settings) {
    this.settings = settings;
  }

  /** The upstream's endpoints are what the name resolves to from now on. */
  void follow(DnsName name, LiveUpstream upstream, Consumer<LiveEndpoint> retired) {
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(name.host());
    if (literal != null) {
      upstream.replace(literalEndpoint(name, literal), retired);
      return;
    }
    var loop = loop();
    var watch =
        new DnsWatch(
            name,
            settings,
            () -> lookup(loop),
            loop,
            (by, endpoints) -> upstream.replace(by, endpoints, retired));
    upstream.watch(watch, retired);
    watch.start();
  }

  private synchronized EventLoop loop() {
    var loops = group;
    if (loops == null) {
      loops =
          new MultiThreadIoEventLoopGroup(
              1, new DefaultThreadFactory("weir-dns", true), NioIoHandler.newFactory());
      group = loops;
    }
    return loops.next();
  }

  private DnsLookup lookup(EventLoop loop) {
    var resolver = lookup;
    if (resolver == null) {
      resolver = new DnsLookup(settings, loop);
      lookup = resolver;
    }
    return resolver;
  }

  private List<Endpoint> literalEndpoint(DnsName name, byte[] literal) {
    try {
      var address = InetAddress.getByAddress(literal);
      return AddressRules.allowed(address, settings.allowLoopback())
          ? List.of(new Endpoint(NetUtil.toAddressString(address), name.port(), "", "", false))
          : List.of();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of " + literal.length + " bytes", e);
    }
  }

  @Override
  public synchronized void close() {
    var loops = group;
    if (loops != null) {
      loops.execute(
          () -> {
            var resolver = lookup;
            if (resolver != null) {
              resolver.close();
            }
          });
      // Nobody waits for the last lookups.
      var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }
}
