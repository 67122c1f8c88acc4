package dev.weir.dataplane.http;

/** Whom a request comes from: the peer of its connection, or whom a trusted peer speaks for. */
public interface Client {
  /** The client's IP address; {@link IpAddress#NONE} if it has none. */
  IpAddress address();

  /** The same as text. */
  String addressText();

  /** {@code http} or {@code https}; where a trusted peer said another word, that. */
  String scheme();

  /** Whether the connection to us is TLS. */
  boolean tls();

  /** The port that the client connected to. */
  int port();

  /** The port that upstreams are told. */
  int reportedPort();
}
