package dev.weir.dataplane;

import dev.weir.dataplane.exchange.RoutePlan;
import dev.weir.dataplane.http.HostName;
import dev.weir.dataplane.http.HostText;
import dev.weir.dataplane.listener.TlsTerms;
import dev.weir.dataplane.model.CipherChoice;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.router.HostRoutes;
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

  /**
   * Whether a request may come by a connection that was opened for that name: then both have the
   * same terms (RFC 9110 7.4, hardening.md goal 25). What the connection itself agreed on doesn't
   * count: terms that changed since close no connection.
   *
   * @param serverName empty if the client sent none
   */
  boolean cover(String serverName, HostText requested) {
    if (!byName) {
      return true;
    }
    var name = serverName.isEmpty() ? null : HostName.of(serverName);
    var named = name == null ? null : router.host(name);
    return choice(named).equals(choice(router.host(requested)));
  }

  private static CipherChoice choice(@Nullable HostRoutes<RoutePlan> host) {
    return host == null || host.virtualHost().pattern() instanceof HostPattern.Any
        ? CipherChoice.USUAL
        : host.virtualHost().ciphers();
  }

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
