package dev.weir.e2e.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One kind of traffic, a row of the tables.
 *
 * @param host whose certificate TLS has; wrk takes it from the URL, so it must be an address' name
 * @param bodyBytes of each reply
 * @param connections of the clients, each with at most one request in flight, or of HTTP/2 {@link
 *     Http2Load#STREAMS}
 */
record Scenario(String name, Kind kind, String host, String path, int bodyBytes, int connections) {
  /** With an ECDSA certificate. */
  static final String HOST = "localhost";

  /** With an RSA certificate. */
  static final String RSA_HOST = "rsa.bench.test";

  /** Hosts that every proxy is configured with, besides those two. */
  static final int HOSTS = 10_000;

  private static final String WEB_SOCKET_HEAD =
      """
      GET /ws HTTP/1.1
      Host: localhost
      Connection: Upgrade
      Upgrade: websocket
      Sec-WebSocket-Version: 13
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

      """
          .replace("\n", "\r\n");

  /** What a request needs before it is sent. */
  enum Kind {
    KEEP_ALIVE,
    /** Each request goes to one of ten hosts. */
    FEW_HOSTS,
    /** Each request goes to one of {@link #HOSTS}. */
    MANY_HOSTS,
    TLS_KEEP_ALIVE,
    /** An upgraded connection; a request is a message, its reply the same bytes. */
    WEB_SOCKET,
    /** A connection and a full TLS handshake for each request. */
    FULL_HANDSHAKE,
    /** A connection and a handshake that resumes the session before it. */
    RESUMED_HANDSHAKE,
    /** HTTP/2 over TLS, many requests in flight on each connection. */
    HTTP2
  }

  static final List<Scenario> ALL =
      List.of(
          new Scenario("small keep-alive", Kind.KEEP_ALIVE, HOST, "/", 35, 50),
          new Scenario("small, 10 hosts", Kind.FEW_HOSTS, HOST, "/", 35, 50),
          new Scenario("small, 10,000 hosts", Kind.MANY_HOSTS, HOST, "/", 35, 50),
          new Scenario("64 KiB body", Kind.KEEP_ALIVE, HOST, "/bytes/65536", 65_536, 50),
          new Scenario("1 MiB body", Kind.KEEP_ALIVE, HOST, "/bytes/1048576", 1_048_576, 16),
          new Scenario("WebSocket echo", Kind.WEB_SOCKET, HOST, "/ws", 35, 50),
          new Scenario("TLS keep-alive", Kind.TLS_KEEP_ALIVE, HOST, "/", 35, 50),
          new Scenario("TLS full handshake, ECDSA", Kind.FULL_HANDSHAKE, HOST, "/", 35, 4),
          new Scenario("TLS resumed, ECDSA", Kind.RESUMED_HANDSHAKE, HOST, "/", 35, 4),
          new Scenario("TLS full handshake, RSA", Kind.FULL_HANDSHAKE, RSA_HOST, "/", 35, 4),
          new Scenario("TLS resumed, RSA", Kind.RESUMED_HANDSHAKE, RSA_HOST, "/", 35, 4),
          new Scenario("HTTP/2, 8 x 32 streams", Kind.HTTP2, HOST, "/", 35, 8),
          new Scenario("HTTP/2, 64 KiB body", Kind.HTTP2, HOST, "/bytes/65536", 65_536, 8));

  /** The row of a kind that has only one. */
  static Scenario of(Kind kind) {
    return ALL.stream().filter(row -> row.kind == kind).findFirst().orElseThrow();
  }

  /** One of {@link #HOSTS}. */
  static String host(int i) {
    return "h" + i + ".bench.test";
  }

  /** What a client may send, each as likely as the others. */
  List<byte[]> requests() {
    return switch (kind) {
      case FEW_HOSTS, MANY_HOSTS ->
          IntStream.range(0, hosts()).mapToObj(i -> KeepAliveClient.get(host(i), path)).toList();
      case WEB_SOCKET -> List.of(message());
      case KEEP_ALIVE, TLS_KEEP_ALIVE, FULL_HANDSHAKE, RESUMED_HANDSHAKE, HTTP2 ->
          List.of(KeepAliveClient.get(host, path));
    };
  }

  private int hosts() {
    return kind == Kind.FEW_HOSTS ? 10 : HOSTS;
  }

  /** A masked text message, as a client sends it (RFC 6455 5.2). */
  private byte[] message() {
    var frame = new byte[bodyBytes];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) (0x80 | bodyBytes - 6);
    for (int i = 2; i < bodyBytes; i++) {
      frame[i] = (byte) ('a' + i % 26);
    }
    return frame;
  }

  /** What turns a connection into one that carries messages; empty if none do. */
  byte[] upgrade() {
    var head = kind == Kind.WEB_SOCKET ? WEB_SOCKET_HEAD : "";
    return head.getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether requests can be sent at a fixed rate. */
  boolean paced() {
    return kind != Kind.FULL_HANDSHAKE && kind != Kind.RESUMED_HANDSHAKE;
  }

  /** Keeps all connections busy; answers how many requests were answered. */
  long load(Field field, Field.Running contender, int seconds)
      throws IOException, InterruptedException {
    return switch (kind) {
      case KEEP_ALIVE -> wrk("http://", contender.http(), seconds);
      case TLS_KEEP_ALIVE -> wrk("https://", contender.https(), seconds);
      case FEW_HOSTS, MANY_HOSTS ->
          Wrk.run(
              "http://" + host + ":" + contender.http() + path,
              connections,
              seconds,
              "-s",
              field.bench("hosts.lua").toString(),
              "--",
              Integer.toString(hosts()));
      case WEB_SOCKET -> {
        try (var load = new PacedLoad(this)) {
          yield load.busy(contender.http(), seconds);
        }
      }
      case FULL_HANDSHAKE, RESUMED_HANDSHAKE ->
          new Handshakes(this, contender.https()).run(seconds);
      case HTTP2 -> {
        try (var load = new Http2Load(this)) {
          yield load.busy(contender.https(), seconds);
        }
      }
    };
  }

  /** Sends so many requests a second; answers the milliseconds that each took. */
  Samples paced(Field.Running contender, double rate, int seconds)
      throws IOException, InterruptedException {
    if (kind == Kind.HTTP2) {
      try (var load = new Http2Load(this)) {
        return load.run(contender.https(), rate, seconds);
      }
    }
    try (var load = new PacedLoad(this)) {
      return load.run(port(contender), rate, seconds);
    }
  }

  /** Whether a contender can serve it. */
  boolean takes(Contender contender) {
    return kind == Kind.HTTP2 ? contender != Contender.FLOOR : contender != Contender.NGHTTPX;
  }

  private long wrk(String scheme, int port, int seconds) throws IOException, InterruptedException {
    return Wrk.run(scheme + host + ":" + port + path, connections, seconds);
  }

  /** The port of a contender that this traffic goes to. */
  private int port(Field.Running contender) {
    return switch (kind) {
      case KEEP_ALIVE, FEW_HOSTS, MANY_HOSTS, WEB_SOCKET -> contender.http();
      case TLS_KEEP_ALIVE, FULL_HANDSHAKE, RESUMED_HANDSHAKE, HTTP2 -> contender.https();
    };
  }
}
