package dev.weir.dataplane.upstream;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks DNS for every A and AAAA address of a name, and for how long they hold. Netty's resolver
 * does the work (search domains, hosts file, several servers, TCP after a truncated answer) but
 * hides the TTL; it is caught on its way into the cache, which keeps nothing.
 *
 * <p>Owned by its event loop, which serves nothing else.
 */
final class DnsLookup implements AutoCloseable {
  /** Where an answer tells no TTL: the hosts file. */
  private static final long DEFAULT_TTL = 30;

  /**
   * What a lookup found.
   *
   * @param ttl seconds
   * @param failure why there is no address; empty if there is
   */
  record Answer(List<InetAddress> addresses, long ttl, String failure) {}

  private final TtlCatcher ttls = new TtlCatcher();
  private final DnsNameResolver resolver;

  DnsLookup(DnsSettings settings, EventLoop loop) {
    var builder =
        new DnsNameResolverBuilder(loop)
            .datagramChannelType(NioDatagramChannel.class)
            .socketChannelType(NioSocketChannel.class)
            .nameServerProvider(settings.nameServers())
            .queryTimeoutMillis(settings.query().toMillis())
            .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
            .completeOncePreferredResolved(false)
            .resolveCache(ttls)
            .cnameCache(NoopDnsCnameCache.INSTANCE)
            .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
            .hostsFileEntriesResolver(hostsFile(settings.allowLoopback()));
    var search = settings.search();
    if (search != null) {
      builder.searchDomains(search);
    }
    if (settings.ndots() >= 0) {
      builder.ndots(settings.ndots());
    }
    resolver = builder.build();
  }

  /** The hosts file counts, except where it points to this machine and that isn't allowed. */
  private static HostsFileEntriesResolver hostsFile(boolean allowLoopback) {
    var file = HostsFileEntriesResolver.DEFAULT;
    if (allowLoopback) {
      return file;
    }
    return (name, types) -> {
      var address = file.address(name, types);
      return address == null || address.isLoopbackAddress() ? null : address;
    };
  }

  /** Answers once, on the loop. */
  void resolve(String name, Consumer<Answer> then) {
    resolver
        .resolveAll(name)
        .addListener((Future<List<InetAddress>> done) -> then.accept(answer(done)));
  }

  private Answer answer(Future<List<InetAddress>> done) {
    if (!done.isSuccess()) {
      return new Answer(List.of(), 0, String.valueOf(done.cause().getMessage()));
    }
    return new Answer(done.getNow(), ttls.shortest(done.getNow()), "");
  }

  @Override
  public void close() {
    resolver.close();
  }

  /** Remembers the last TTL of addresses: the lookup that brought it is answered right after. */
  private static final class TtlCatcher implements DnsCache {
    private static final int MOST_REMEMBERED = 10_000;

    private final Map<InetAddress, Long> seconds = new HashMap<>();

    long shortest(List<InetAddress> addresses) {
      long shortest = DEFAULT_TTL;
      for (var address : addresses) {
        var ttl = seconds.get(address);
        shortest = ttl == null ? shortest : Math.min(shortest, ttl);
      }
      return shortest;
    }

    @Override
    public void clear() {
      seconds.clear();
    }

    @Override
    public boolean clear(String hostname) {
      return false;
    }

    @Override
    public List<? extends DnsCacheEntry> get(String hostname, DnsRecord[] additionals) {
      return List.of();
    }

    @Override
    public DnsCacheEntry cache(
        String hostname,
        DnsRecord[] additionals,
        InetAddress address,
        long originalTtl,
        EventLoop loop) {
      if (seconds.size() >= MOST_REMEMBERED) {
        seconds.clear();
      }
      seconds.put(address, originalTtl);
      return new Uncached(address, null);
    }

    @Override
    public DnsCacheEntry cache(
        String hostname, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
      return new Uncached(null, cause);
    }
  }

  private record Uncached(@Nullable InetAddress address, @Nullable Throwable cause)
      implements DnsCacheEntry {}
}
