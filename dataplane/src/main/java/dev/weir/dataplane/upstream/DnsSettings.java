package dev.weir.dataplane.upstream;

import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How names of ExternalName Services are resolved.
 *
 * @param nameServers where queries go
 * @param search domains appended to short names; null for those of {@code /etc/resolv.conf}
 * @param ndots names with fewer dots try the search domains first; -1 for that of {@code
 *     /etc/resolv.conf}
 * @param query how long one query to one server may take
 * @param lifetimes how long answers are used
 * @param allowLoopback whether answers may point to this machine (standalone mode)
 */
public record DnsSettings(
    DnsServerAddressStreamProvider nameServers,
    @Nullable List<String> search,
    int ndots,
    Duration query,
    Lifetimes lifetimes,
    boolean allowLoopback) {

  /**
   * How long answers are used.
   *
   * @param shortest least time between two lookups of a name, whatever its TTL
   * @param longest most time between two lookups of a name, whatever its TTL
   * @param keepLast how long the last good answer serves while lookups fail
   */
  public record Lifetimes(Duration shortest, Duration longest, Duration keepLast) {
    /** 1 s, 30 s, 5 min. */
    public static final Lifetimes DEFAULT =
        new Lifetimes(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(5));
  }

  /** What {@code /etc/resolv.conf} says. */
  public static DnsSettings system(boolean allowLoopback) {
    return new DnsSettings(
        DnsServerAddressStreamProviders.platformDefault(),
        null,
        -1,
        Duration.ofSeconds(2),
        Lifetimes.DEFAULT,
        allowLoopback);
  }
}
