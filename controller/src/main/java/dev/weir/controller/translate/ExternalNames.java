package dev.weir.controller.translate;

import dev.weir.controller.resource.ServiceResource;
import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.Optional;

/** Which ExternalName Services are refused, and why. */
final class ExternalNames {
  private ExternalNames() {}

  /** Why {@code service} may not be followed; empty if it may. */
  static Optional<String> refusal(ServiceResource service, TranslateOptions.Switches switches) {
    if (switches.disableExternalName()) {
      return Optional.of("ExternalName Services are switched off (--disable-svc-external-name)");
    }
    var name = service.externalName().toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      return Optional.of("its spec.externalName is empty");
    }
    if (!switches.allowLoopback() && forbidden(name)) {
      return Optional.of("its externalName \"" + name + "\" means this machine or its link");
    }
    return Optional.empty();
  }

  /** Resolved addresses are checked where they are resolved; these names need no look-up. */
  private static boolean forbidden(String name) {
    if (name.equals("localhost") || name.endsWith(".localhost") || name.startsWith("localhost.")) {
      return true;
    }
    var address = NetUtil.createInetAddressFromIpAddressString(name);
    return address != null
        && (address.isLoopbackAddress()
            || address.isLinkLocalAddress()
            || address.isAnyLocalAddress());
  }
}
