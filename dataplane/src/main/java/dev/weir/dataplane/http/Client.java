package dev.weir.dataplane.http;

/** Whom a request comes from: the peer of its connection, or whom a trusted peer speaks for. */
public interface Client {
  /** The client's IP address; {@link IpAddress#NONE} if it has none. */
  IpAddress address();

  /** The same as text. */
  String addressText();

  /** {@code http} or {@code https}; where a trusted peer said another word, that. */
  String scheme();

  /** What is known of the TLS of the connection to us. */
  TlsSession session();

  /** Whether the connection to us is TLS. */
  default boolean tls() {
    return session().encrypted();
  }

  /** Host and port that the client asked for, as written; not always where it was routed. */
  default String authority(RequestHead head) {
    return head.authority();
  }

  /** The same lower-case without port. */
  default String host(RequestHead head) {
    return head.host();
  }

  /** The {@link #authority}, without a String being made where that can be avoided. */
  default CharSequence authorityText(RequestHead head) {
    return head.authorityText();
  }

  /** The {@link #host}, without a String being made where that can be avoided. */
  default CharSequence hostText(RequestHead head) {
    return head.hostText();
  }

  /** {@code X-Forwarded-For} as upstreams get it. */
  default String forwardedFor() {
    return addressText();
  }

  /** The port that the client connected to. */
  int port();

  /** The port that the client connected from; 0 if that isn't known. */
  default int peerPort() {
    return 0;
  }

  /** The port that upstreams are told. */
  int reportedPort();
}
