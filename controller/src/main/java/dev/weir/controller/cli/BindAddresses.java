package dev.weir.controller.cli;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * On which addresses HTTP and HTTPS listen.
 *
 * <p>All addresses means one socket on {@code ::}, which takes IPv4 as well; {@code 0.0.0.0} where
 * the machine has no IPv6 or {@code disable-ipv6} is set.
 */
final class BindAddresses {
  private BindAddresses() {}

  /** IP addresses separated by commas, IPv6 with or without brackets; empty if one isn't that. */
  static Optional<List<String>> parse(String text) {
    var addresses = new ArrayList<String>();
    for (var word : text.split(",", -1)) {
      var address = word.strip();
      if (address.startsWith("[") && address.endsWith("]")) {
        address = address.substring(1, address.length() - 1);
      }
      if (!NetUtil.isValidIpV4Address(address) && !NetUtil.isValidIpV6Address(address)) {
        return Optional.empty();
      }
      addresses.add(address);
    }
    return Optional.of(List.copyOf(addresses));
  }

  /**
   * The addresses to bind.
   *
   * @param wanted none for all
   * @param withoutIpv6 {@code disable-ipv6}
   */
  static List<String> choose(List<String> wanted, boolean withoutIpv6) {
    boolean ipv4Only = withoutIpv6 || !machineHasIpv6();
    if (wanted.isEmpty()) {
      return List.of(ipv4Only ? "0.0.0.0" : "::");
    }
    return withoutIpv6 ? wanted.stream().filter(NetUtil::isValidIpV4Address).toList() : wanted;
  }

  private static boolean machineHasIpv6() {
    try (var socket = ServerSocketChannel.open(StandardProtocolFamily.INET6)) {
      return socket.isOpen();
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
