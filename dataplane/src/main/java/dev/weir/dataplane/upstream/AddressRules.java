package dev.weir.dataplane.upstream;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Which addresses a name may lead to: who names a Service must not make the proxy call itself, its
 * node or a cloud's metadata service (hardening.md P7, F23). Pure.
 */
final class AddressRules {
  /** Most addresses that are used of one name (F23). */
  static final int MOST = 32;

  private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

  /** Metadata services of clouds that aren't on link-local addresses: AWS, Google, Alibaba, ... */
  private static final Set<InetAddress> METADATA =
      Set.of(
          InetAddress.ofLiteral("fd00:ec2::254"),
          InetAddress.ofLiteral("fd20:ce::254"),
          InetAddress.ofLiteral("100.100.100.200"),
          InetAddress.ofLiteral("168.63.129.16"),
          InetAddress.ofLiteral("192.0.0.192"));

  private static final Comparator<InetAddress> BY_BYTES =
      (a, b) -> Arrays.compareUnsigned(a.getAddress(), b.getAddress());

  private AddressRules() {}

  /** Those that may be used, without doubles, in an order that doesn't depend on the answer's. */
  static List<InetAddress> usable(List<InetAddress> answer, boolean allowLoopback) {
    return answer.stream()
        .filter(address -> allowed(address, allowLoopback))
        .distinct()
        .sorted(BY_BYTES)
        .limit(MOST)
        .toList();
  }

  /** IPv4-mapped IPv6 addresses are IPv4 ones here already, {@link InetAddress} folds them. */
  static boolean allowed(InetAddress address, boolean allowLoopback) {
    if (address.isLoopbackAddress()) {
      return allowLoopback;
    }
    return !address.isLinkLocalAddress()
        && !address.isAnyLocalAddress()
        && !address.isMulticastAddress()
        && !METADATA.contains(address)
        && !embedsIpv4(address.getAddress())
        && !(address instanceof Inet4Address && reserved(address.getAddress()));
  }

  /** {@code 0.0.0.0/8} (this host) and {@code 240.0.0.0/4} with the broadcast address. */
  private static boolean reserved(byte[] ipv4) {
    return ipv4[0] == 0 || (ipv4[0] & 0xf0) == 0xf0;
  }

  /** IPv4-compatible ({@code ::/96}) and NAT64 addresses would smuggle an IPv4 address past. */
  private static boolean embedsIpv4(byte[] address) {
    return address.length == 16
        && (Arrays.equals(address, 0, 12, new byte[12], 0, 12)
            || Arrays.equals(address, 0, 12, NAT64, 0, 12));
  }
}
