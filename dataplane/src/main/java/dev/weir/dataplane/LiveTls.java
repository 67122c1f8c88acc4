package dev.weir.dataplane;

import dev.weir.dataplane.exchange.RoutePlan;
import dev.weir.dataplane.http.HostName;
import dev.weir.dataplane.listener.TlsTerms;
import dev.weir.dataplane.model.CipherChoice;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.router.Router;
import dev.weir.tls.ServerTls;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The terms of TLS of one table. A server name is looked up as a request's host is, so that nobody
 * gets other terms by another spelling (hardening.md P27). Immutable.
 *
 * @param byName whether a host has a choice of its own, or unknown names are rejected
 * @param own of hosts with a choice of their own
 * @param rejectUnknown whether names that no host has get no handshake
 */
record LiveTls(
    Router<RoutePlan> router,
    ServerTls usual,
    boolean byName,
    Map<CipherChoice, ServerTls> own,
    boolean rejectUnknown)
    implements TlsTerms {

  @Override
  public @Nullable ServerTls of(@Nullable String serverName) {
    var name = serverName == null ? null : HostName.of(serverName);
    var host = name == null ? null : router.host(name);
    if (host == null || host.virtualHost().pattern() instanceof HostPattern.Any) {
      return rejectUnknown ? null : usual;
    }
    var choice = host.virtualHost().ciphers();
    // A choice without a context has been reported; it is not replaced by a weaker one.
    return choice.equals(CipherChoice.USUAL) ? usual : own.get(choice);
  }
}
