package dev.weir.e2e.garden;

import java.util.List;

/**
 * What a client sends on a connection.
 *
 * @param text the bytes, as ISO 8859-1
 * @param intended what every server must see; empty if the bytes were mutated, so that only the
 *     servers themselves can tell
 */
record Input(int number, String text, List<Seen> intended) {
  static final String HOST = "garden.test";

  /** The bytes, and behind them a request that ends the connection. */
  String withLast() {
    return text
        + "GET /last/%d HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(number, HOST);
  }
}
