package dev.weir.dataplane.upstream;

import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.Upstream.Target.DnsName;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the addresses of one name for one upstream: looks it up again when the TTL is over, holds
 * the last good answer while lookups fail, and gives it up when that is too old.
 *
 * <p>Runs on the DNS event loop; {@link #stop} may be called from any thread.
 */
final class DnsWatch {
  private static final Logger LOG = LoggerFactory.getLogger(DnsWatch.class);

  private final DnsName name;
  private final DnsSettings settings;
  private final Supplier<DnsLookup> lookup;
  private final EventLoop loop;
  private final BiConsumer<DnsWatch, List<Endpoint>> endpoints;
  private volatile boolean stopped;
  private List<InetAddress> last = List.of();
  private long lastGoodAt;
  private int failures;

  DnsWatch(
      DnsName name,
      DnsSettings settings,
      Supplier<DnsLookup> lookup,
      EventLoop loop,
      BiConsumer<DnsWatch, List<Endpoint>> endpoints) {
    this.name = name;
    this.settings = settings;
    this.lookup = lookup;
    this.loop = loop;
    this.endpoints = endpoints;
  }

  DnsName name() {
    return name;
  }

  void start() {
    loop.execute(this::look);
  }

  /** No further lookups. */
  void stop() {
    stopped = true;
  }

  private void look() {
    if (!stopped) {
      lookup.get().resolve(name.host(), this::answered);
    }
  }

  private void answered(DnsLookup.Answer answer) {
    if (stopped) {
      return;
    }
    var usable = AddressRules.usable(answer.addresses(), settings.allowLoopback());
    if (usable.isEmpty()) {
      failed(
          answer.addresses().isEmpty()
              ? answer.failure()
              : "only addresses that are not allowed: " + answer.addresses());
      return;
    }
    if (failures > 0) {
      LOG.info("Name {} resolves again", name.host());
    }
    failures = 0;
    lastGoodAt = System.nanoTime();
    use(usable);
    again(TimeUnit.SECONDS.toNanos(answer.ttl()));
  }

  private void failed(String why) {
    long age = System.nanoTime() - lastGoodAt;
    boolean keep = !last.isEmpty() && age < settings.lifetimes().keepLast().toNanos();
    if (failures++ == 0) {
      LOG.warn(
          "Name {} does not resolve: {}; {}",
          name.host(),
          why,
          keep ? "its last addresses are used for now" : "its requests are answered 503");
    }
    if (!keep) {
      use(List.of());
    }
    again(settings.lifetimes().shortest().toNanos() << Math.min(failures - 1, 5));
  }

  private void use(List<InetAddress> addresses) {
    last = addresses;
    endpoints.accept(this, addresses.stream().map(this::endpoint).toList());
  }

  private Endpoint endpoint(InetAddress address) {
    return new Endpoint(NetUtil.toAddressString(address), name.port(), "", "", false);
  }

  private void again(long nanos) {
    long shortest = settings.lifetimes().shortest().toNanos();
    long longest = settings.lifetimes().longest().toNanos();
    try {
      var _ = loop.schedule(this::look, Math.clamp(nanos, shortest, longest), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      stopped = true;
    }
  }
}
