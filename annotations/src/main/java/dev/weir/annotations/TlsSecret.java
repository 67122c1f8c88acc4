package dev.weir.annotations;

import dev.weir.tls.ServerCertificate;
import dev.weir.tls.TrustedCertificates;
import java.util.Optional;

/**
 * A Secret as TLS towards a Service uses it.
 *
 * @param certificate {@code tls.crt} and {@code tls.key}: shown to the Service
 * @param roots {@code ca.crt}: what the Service's certificate must lead to
 * @param fault what is wrong with it, without its name; empty if nothing is
 */
public record TlsSecret(
    Optional<ServerCertificate> certificate, Optional<TrustedCertificates> roots, String fault) {}
