package dev.weir.dataplane.model;

import dev.weir.tls.ClientTlsPolicy;
import org.jspecify.annotations.Nullable;

/** What is spoken to the endpoints that a route leads to (ingress-nginx.md 1.3, 63). */
public sealed interface UpstreamScheme {
  /** HTTP without TLS. */
  record Http() implements UpstreamScheme {}

  /** HTTP over TLS; never anything else, whatever happens. */
  record Https(ClientTlsPolicy policy) implements UpstreamScheme {}

  /** Over TLS for a client that came over TLS, without for others. */
  record AsClient(ClientTlsPolicy policy) implements UpstreamScheme {}

  /** How TLS is spoken; null if it never is. */
  default @Nullable ClientTlsPolicy policy() {
    return switch (this) {
      case Http() -> null;
      case Https(var policy) -> policy;
      case AsClient(var policy) -> policy;
    };
  }

  /** Whether TLS is spoken for such a client. */
  default boolean encrypts(boolean clientTls) {
    return switch (this) {
      case Http() -> false;
      case Https https -> true;
      case AsClient as -> clientTls;
    };
  }
}
