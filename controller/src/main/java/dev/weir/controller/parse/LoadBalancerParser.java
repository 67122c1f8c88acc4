package dev.weir.controller.parse;

import dev.weir.controller.resource.LoadBalancerAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code status.loadBalancer} of Ingresses and Services. Status is what controllers write, not what
 * users ask for: what can't be understood is left out without a finding.
 */
final class LoadBalancerParser {
  private static final int MOST = 1000;

  private LoadBalancerParser() {}

  static List<LoadBalancerAddress> addresses(Field object) {
    var addresses = new ArrayList<LoadBalancerAddress>();
    if (object.peek("status", "loadBalancer", "ingress") instanceof Tree.Sequence(var items, _, _)
        && items.size() <= MOST) {
      for (var item : items) {
        var address = new LoadBalancerAddress(text(item, "ip"), text(item, "hostname"));
        if (!address.ip().isEmpty() || !address.hostname().isEmpty()) {
          addresses.add(address);
        }
      }
    }
    return addresses;
  }

  /** {@code spec.externalIPs} of a Service. */
  static List<String> externalIps(Field object) {
    var addresses = new ArrayList<String>();
    if (object.peek("spec", "externalIPs") instanceof Tree.Sequence(var items, _, _)
        && items.size() <= MOST) {
      for (var item : items) {
        if (item instanceof Tree.Scalar scalar) {
          Syntax.ip(scalar.text()).ifPresent(addresses::add);
        }
      }
    }
    return addresses;
  }

  private static String text(Tree item, String key) {
    return item instanceof Tree.Mapping mapping
            && mapping.entries().getOrDefault(key, Tree.ABSENT) instanceof Tree.Scalar scalar
        ? scalar.text()
        : "";
  }
}
