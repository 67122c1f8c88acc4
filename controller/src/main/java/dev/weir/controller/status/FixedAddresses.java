package dev.weir.controller.status;

import dev.weir.controller.resource.LoadBalancerAddress;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code --publish-status-address}: an IP address is one, also in brackets; anything else is a host
 * name, in lower case and without a dot at its end, since API servers take no other.
 */
final class FixedAddresses implements AddressSource {
  private final List<LoadBalancerAddress> addresses;

  FixedAddresses(List<String> addresses) {
    this.addresses = addresses.stream().map(FixedAddresses::of).toList();
  }

  static LoadBalancerAddress of(String text) {
    // Netty takes both for a part of the address; the API server does not.
    var bare = text.startsWith("[") && text.endsWith("]") ? inner(text) : text;
    int zone = bare.indexOf('%');
    var address = zone < 0 ? bare : bare.substring(0, zone);
    return NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address)
        ? LoadBalancerAddress.ofIp(address)
        : LoadBalancerAddress.ofHostname(hostname(text));
  }

  private static String hostname(String text) {
    var name = text.toLowerCase(Locale.ROOT);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  private static String inner(String bracketed) {
    return bracketed.substring(1, bracketed.length() - 1);
  }

  @Override
  public Optional<List<LoadBalancerAddress>> addresses() {
    return Optional.of(addresses);
  }
}
