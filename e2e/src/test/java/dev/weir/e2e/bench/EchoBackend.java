package dev.weir.e2e.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The cheapest HTTP/1.1 server that a benchmark can have: 35 bytes for every request head. */
final class EchoBackend implements AutoCloseable {
  private static final byte[] REPLY =
      "HTTP/1.1 200 OK\r\nContent-Length: 35\r\n\r\n0123456789abcdefghijklmnopqrstuvwxy"
          .getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket socket;

  /** Listens on a free port of a loopback address. */
  EchoBackend(String address) {
    try {
      socket = new ServerSocket(0, 512, InetAddress.getByName(address));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        var accepted = socket.accept();
        accepted.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> serve(accepted));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private static void serve(Socket accepted) {
    try (accepted) {
      var in = accepted.getInputStream();
      var out = accepted.getOutputStream();
      var buffer = new byte[8192];
      int matched = 0;
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        for (int i = 0; i < n; i++) {
          matched =
              buffer[i] == "\r\n\r\n".charAt(matched) ? matched + 1 : buffer[i] == '\r' ? 1 : 0;
          if (matched == 4) {
            matched = 0;
            out.write(REPLY);
          }
        }
      }
    } catch (IOException e) {
      // The proxy closed an idle connection.
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
