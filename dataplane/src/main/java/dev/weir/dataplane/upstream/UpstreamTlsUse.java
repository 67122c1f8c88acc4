package dev.weir.dataplane.upstream;

import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.tls.ClientTlsPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which TLS towards endpoints the virtual hosts ask for: one {@link UpstreamTls} for each policy,
 * there for as long as a host uses it. So a Secret with other bytes leads to another one, and
 * nothing that the old bytes opened is used for a request of the new table.
 *
 * <p>Belongs to whoever applies tables; safe for use by others.
 */
final class UpstreamTlsUse {
  private final Map<ClientTlsPolicy, UpstreamTls> all = new HashMap<>();
  private final Map<ClientTlsPolicy, Integer> users = new HashMap<>();

  /** The one for a policy, made now if there is none. */
  synchronized UpstreamTls of(ClientTlsPolicy policy) {
    return all.computeIfAbsent(policy, p -> new UpstreamTls(p).prepared());
  }

  /**
   * Hosts were replaced.
   *
   * @return what nobody asks for any more
   */
  synchronized List<UpstreamTls> replaced(
      Collection<VirtualHost> gone, Collection<VirtualHost> now) {
    now.forEach(host -> count(host, 1));
    gone.forEach(host -> count(host, -1));
    var unused = new ArrayList<UpstreamTls>();
    all.entrySet()
        .removeIf(
            entry -> {
              boolean used = users.containsKey(entry.getKey());
              if (!used) {
                unused.add(entry.getValue());
              }
              return !used;
            });
    return unused;
  }

  private void count(VirtualHost host, int step) {
    for (var route : host.routes()) {
      if (route.action() instanceof RouteAction.Forward forward) {
        var policy = forward.scheme().policy();
        if (policy != null) {
          users.merge(policy, step, (a, b) -> a + b == 0 ? null : a + b);
        }
      }
    }
  }

  /** Nothing is used any more. */
  synchronized void close() {
    all.values().forEach(UpstreamTls::retire);
    all.clear();
    users.clear();
  }
}
