package dev.weir.dataplane.listener;

import dev.weir.tls.ServerTls;
import org.jspecify.annotations.Nullable;

/** On which terms TLS is spoken with whom. Asked at every handshake, on event loops. */
public interface TlsTerms {
  /** Whether the server name matters: only then is it looked for in front of the handshake. */
  boolean byName();

  /** For hosts that have no terms of their own. */
  ServerTls usual();

  /**
   * For clients that ask for a server name, routed as a request for that host would be.
   *
   * @param serverName null if the client sends none
   * @return null for no handshake at all
   */
  @Nullable ServerTls of(@Nullable String serverName);
}
