package dev.weir.controller.status;

import dev.weir.controller.resource.LoadBalancerAddress;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Optional;

/** {@code --publish-status-address}: an IP address is one, anything else is a host name. */
final class FixedAddresses implements AddressSource {
  private final List<LoadBalancerAddress> addresses;

  FixedAddresses(List<String> addresses) {
    this.addresses = addresses.stream().map(FixedAddresses::of).toList();
  }

  private static LoadBalancerAddress of(String text) {
    return NetUtil.isValidIpV4Address(text) || NetUtil.isValidIpV6Address(text)
        ? LoadBalancerAddress.ofIp(text)
        : LoadBalancerAddress.ofHostname(text);
  }

  @Override
  public Optional<List<LoadBalancerAddress>> addresses() {
    return Optional.of(addresses);
  }
}
