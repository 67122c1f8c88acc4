package dev.weir.e2e.bench;

import java.io.IOException;
import java.util.List;

/**
 * One kind of traffic, a row of the tables.
 *
 * @param host whose certificate TLS has; wrk takes it from the URL, so it must be an address' name
 * @param bodyBytes of each reply
 * @param connections of the clients, each with at most one request in flight
 */
record Scenario(String name, Kind kind, String host, String path, int bodyBytes, int connections) {
  /** With an ECDSA certificate. */
  static final String HOST = "localhost";

  /** With an RSA certificate. */
  static final String RSA_HOST = "rsa.bench.test";

  /** What a request needs before it is sent. */
  enum Kind {
    KEEP_ALIVE,
    TLS_KEEP_ALIVE,
    /** A connection and a full TLS handshake for each request. */
    FULL_HANDSHAKE,
    /** A connection and a handshake that resumes the session before it. */
    RESUMED_HANDSHAKE
  }

  static final List<Scenario> ALL =
      List.of(
          new Scenario("small keep-alive", Kind.KEEP_ALIVE, HOST, "/", 35, 50),
          new Scenario("64 KiB body", Kind.KEEP_ALIVE, HOST, "/bytes/65536", 65_536, 50),
          new Scenario("1 MiB body", Kind.KEEP_ALIVE, HOST, "/bytes/1048576", 1_048_576, 16),
          new Scenario("TLS keep-alive", Kind.TLS_KEEP_ALIVE, HOST, "/", 35, 50),
          new Scenario("TLS full handshake, ECDSA", Kind.FULL_HANDSHAKE, HOST, "/", 35, 4),
          new Scenario("TLS resumed, ECDSA", Kind.RESUMED_HANDSHAKE, HOST, "/", 35, 4),
          new Scenario("TLS full handshake, RSA", Kind.FULL_HANDSHAKE, RSA_HOST, "/", 35, 4),
          new Scenario("TLS resumed, RSA", Kind.RESUMED_HANDSHAKE, RSA_HOST, "/", 35, 4));

  byte[] request() {
    return KeepAliveClient.get(host, path);
  }

  /** Whether requests can be sent at a fixed rate. */
  boolean paced() {
    return kind == Kind.KEEP_ALIVE || kind == Kind.TLS_KEEP_ALIVE;
  }

  /** Keeps all connections busy; answers how many requests were answered. */
  long load(Field.Running contender, int seconds) throws IOException, InterruptedException {
    return switch (kind) {
      case KEEP_ALIVE ->
          Wrk.run("http://" + host + ":" + contender.http() + path, connections, seconds);
      case TLS_KEEP_ALIVE ->
          Wrk.run("https://" + host + ":" + contender.https() + path, connections, seconds);
      case FULL_HANDSHAKE, RESUMED_HANDSHAKE ->
          new Handshakes(this, contender.https()).run(seconds);
    };
  }

  /** The port of a contender that this traffic goes to. */
  int port(Field.Running contender) {
    return kind == Kind.KEEP_ALIVE ? contender.http() : contender.https();
  }
}
