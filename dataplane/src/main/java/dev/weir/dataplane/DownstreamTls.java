package dev.weir.dataplane;

import dev.weir.dataplane.exchange.RoutePlan;
import dev.weir.dataplane.model.CipherChoice;
import dev.weir.dataplane.model.CipherSuite;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.TableChange;
import dev.weir.dataplane.model.TlsSettings;
import dev.weir.dataplane.model.TlsVersion;
import dev.weir.dataplane.router.Router;
import dev.weir.tls.CertificateTable;
import dev.weir.tls.ServerTls;
import dev.weir.tls.Staples;
import dev.weir.tls.TlsPolicy;
import io.netty.handler.ssl.SslProvider;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The contexts of TLS with clients: one for what all hosts have, and one for each other choice that
 * a host makes, however many hosts make it. They are made where changes are applied, never in a
 * handshake, and those that stay wanted stay.
 *
 * <p>Belongs to who applies changes.
 */
final class DownstreamTls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DownstreamTls.class);

  /** A host's own context keeps that part of the sessions that the usual one keeps. */
  private static final int PART_OF_CACHE = 10;

  private final SslProvider provider = ServerTls.provider();
  private final ServerTls.Surroundings surroundings;
  private final Map<TlsPolicy, ServerTls> contexts = new HashMap<>();

  /** Hosts with a choice of their own. */
  private Map<HostPattern, CipherChoice> choices = Map.of();

  /** What {@link #choices} become with the change that is being applied. */
  private Map<HostPattern, CipherChoice> coming = Map.of();

  private Set<TlsPolicy> comingPolicies = Set.of();

  /**
   * Without contexts.
   *
   * @param table the certificates that serve now
   * @param responder asks OCSP responders
   */
  DownstreamTls(Supplier<CertificateTable> table, Staples.Responder responder) {
    var clock = InstantSource.system();
    surroundings = new ServerTls.Surroundings(table, new Staples(responder, table, clock), clock);
  }

  /**
   * What a change makes of the terms; what the terms before it need stays.
   *
   * @param router of the changed table
   * @throws SSLException if the settings of all hosts can't be spoken
   */
  LiveTls prepare(TableChange change, ProxySettings proxy, Router<RoutePlan> router)
      throws SSLException {
    var settings = proxy.tls();
    boolean http2 = proxy.http2().spoken();
    coming = choices(change);
    var usualPolicy = policy(settings, http2, CipherChoice.USUAL);
    var usual = context(usualPolicy);
    var own = new HashMap<CipherChoice, ServerTls>();
    var policies = new HashSet<>(Set.of(usualPolicy));
    for (var choice : Set.copyOf(coming.values())) {
      var policy = policy(settings, http2, choice);
      try {
        own.put(choice, context(policy));
        policies.add(policy);
      } catch (SSLException e) {
        LOG.error("TLS can't be spoken with {}; hosts that ask for it refuse it.", choice, e);
      }
    }
    comingPolicies = policies;
    boolean byName = settings.rejectUnknown() || !coming.isEmpty();
    return new LiveTls(router, usual, byName, Map.copyOf(own), settings.rejectUnknown());
  }

  private Map<HostPattern, CipherChoice> choices(TableChange change) {
    boolean touched =
        change.removedHosts().stream().anyMatch(choices::containsKey)
            || change.hosts().values().stream()
                .anyMatch(
                    host ->
                        !host.ciphers().equals(CipherChoice.USUAL)
                            || choices.containsKey(host.pattern()));
    if (!touched) {
      return choices;
    }
    var changed = new HashMap<>(choices);
    change.removedHosts().forEach(changed::remove);
    change
        .hosts()
        .forEach(
            (pattern, host) -> {
              if (host.ciphers().equals(CipherChoice.USUAL)) {
                changed.remove(pattern);
              } else {
                changed.put(pattern, host.ciphers());
              }
            });
    return Map.copyOf(changed);
  }

  private ServerTls context(TlsPolicy policy) throws SSLException {
    var known = contexts.get(policy);
    if (known == null) {
      known = ServerTls.create(policy, surroundings, provider);
      contexts.put(policy, known);
    }
    return known;
  }

  private TlsPolicy policy(TlsSettings settings, boolean http2, CipherChoice choice) {
    var ciphers = choice.over(settings.ciphers());
    var sessions = settings.sessions();
    int cache = sessions.cacheSize();
    boolean own = !choice.equals(CipherChoice.USUAL);
    return new TlsPolicy(
        settings.versions().stream().map(TlsVersion::text).toList(),
        ciphers.suites().stream().map(CipherSuite::ianaName).toList(),
        ciphers.order() != CipherChoice.Order.CLIENT,
        settings.groups(),
        http2 ? TlsPolicy.WITH_HTTP_2 : TlsPolicy.DEFAULT.alpn(),
        new TlsPolicy.Sessions(
            sessions.tickets(),
            sessions.ticketKey(),
            own && cache > 0 ? Math.max(1, cache / PART_OF_CACHE) : cache,
            sessions.timeout()),
        settings.stapling() && provider != SslProvider.JDK);
  }

  /** The change that was prepared serves: whether something is there that nobody needs any more. */
  boolean settle(TlsSettings settings) {
    choices = coming;
    surroundings.staples().wanted(settings.stapling() && provider != SslProvider.JDK);
    return !comingPolicies.containsAll(contexts.keySet());
  }

  /** How many contexts there are. */
  int contexts() {
    return contexts.size();
  }

  /** Drops what nobody needs; connections that use it go on. */
  void retire() {
    var gone =
        contexts.keySet().stream()
            .filter(policy -> !comingPolicies.contains(policy))
            .collect(Collectors.toSet());
    for (var policy : gone) {
      var context = contexts.remove(policy);
      if (context != null) {
        context.close();
      }
    }
  }

  /** Certificates that are new get their OCSP replies fetched before anybody asks for them. */
  void fetch(TableChange.Certificates change) {
    var staples = surroundings.staples();
    change
        .put()
        .forEach(
            (pattern, certificate) -> {
              var _ = staples.of(certificate, DataPlane.serverName(pattern));
            });
    change
        .defaultCertificate()
        .ifPresent(
            certificate -> {
              var _ = staples.of(certificate, null);
            });
  }

  @Override
  public void close() {
    surroundings.staples().close();
    comingPolicies = Set.of();
    retire();
  }
}
