package dev.weir.e2e.bench;

import java.util.List;

/**
 * One kind of traffic, a row of the tables.
 *
 * @param bodyBytes of each reply
 * @param connections of the clients, each with at most one request in flight
 */
record Scenario(String name, String path, int bodyBytes, int connections) {
  /** The host of every request; wrk takes it from the URL. */
  static final String HOST = "localhost";

  static final List<Scenario> ALL =
      List.of(
          new Scenario("small keep-alive", "/", 35, 50),
          new Scenario("64 KiB body", "/bytes/65536", 65_536, 50),
          new Scenario("1 MiB body", "/bytes/1048576", 1_048_576, 16));

  byte[] request() {
    return KeepAliveClient.get(HOST, path);
  }

  String url(Field.Running contender) {
    return "http://" + HOST + ":" + contender.http() + path;
  }
}
