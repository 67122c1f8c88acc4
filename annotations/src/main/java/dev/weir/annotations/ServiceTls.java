package dev.weir.annotations;

import dev.weir.tls.ClientTlsPolicy;
import dev.weir.tls.ServerCertificate;
import dev.weir.tls.TrustedCertificates;
import java.util.List;
import java.util.Optional;

/**
 * How TLS is spoken to Services, before it is known to which one.
 *
 * @param ciphers IANA names; empty for the usual ones
 * @param certificate shown to Services that ask for one
 * @param name what a Service is called in TLS; empty for its own name
 * @param sendsName whether it is told that name
 * @param proof what it must prove; empty for nothing
 */
public record ServiceTls(
    List<String> protocols,
    List<String> ciphers,
    Optional<ServerCertificate> certificate,
    String name,
    boolean sendsName,
    Optional<Proof> proof) {

  /** Without anything that anybody asked for. */
  public static final ServiceTls PLAIN =
      new ServiceTls(
          ClientTlsPolicy.UNVERIFIED.protocols(),
          List.of(),
          Optional.empty(),
          "",
          false,
          Optional.empty());

  public ServiceTls {
    protocols = List.copyOf(protocols);
    ciphers = List.copyOf(ciphers);
  }

  /**
   * That a Service's certificate leads to one of {@code roots}.
   *
   * @param depth most certificates in between
   */
  public record Proof(TrustedCertificates roots, int depth) {}

  /**
   * The same towards one Service.
   *
   * @param own the Service's own name, lower-case
   */
  ClientTlsPolicy towards(String own) {
    var called = name.isEmpty() ? own : name;
    return new ClientTlsPolicy(
        protocols,
        ciphers,
        sendsName ? called : "",
        certificate.orElse(null),
        proof
            .map(asked -> new ClientTlsPolicy.Verification(asked.roots, asked.depth, called))
            .orElse(null));
  }
}
