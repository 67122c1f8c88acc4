package dev.weir.controller.translate;

import java.util.Optional;

/** Relations between host names. */
final class HostNames {
  private HostNames() {}

  /** The wildcard that would also match {@code host}: {@code *.} and its parent. */
  static Optional<String> wildcardParent(String host) {
    int dot = host.indexOf('.');
    return host.startsWith("*.") || dot < 0
        ? Optional.empty()
        : Optional.of("*" + host.substring(dot));
  }
}
