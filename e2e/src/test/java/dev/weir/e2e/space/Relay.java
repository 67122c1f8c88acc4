package dev.weir.e2e.space;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A port of 127.0.0.1 that leads to another one, which may change: what a client sees when a server
 * is restarted behind its address.
 */
final class Relay implements AutoCloseable {
  private static final int CUT = 0;

  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile int target;

  private Relay(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  static Relay to(int target) throws IOException {
    var relay = new Relay(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), target);
    Thread.ofVirtual().start(relay::accept);
    return relay;
  }

  /** The same at another address, as of a Service. */
  static Relay from(String address, int port, int target) throws IOException {
    var listener = new ServerSocket(port, 200, InetAddress.getByName(address));
    var relay = new Relay(listener, target);
    Thread.ofVirtual().start(relay::accept);
    return relay;
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Closes all connections, and each new one at once. */
  void cut() {
    target = CUT;
    open.forEach(Relay::closeQuietly);
  }

  /** Leads new connections to another port. */
  void lead(int newTarget) {
    target = newTarget;
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        connect(listener.accept());
      } catch (IOException e) {
        // Closed, or a side that was gone at once.
      }
    }
  }

  private void connect(Socket from) throws IOException {
    int port = target;
    if (port == CUT) {
      from.close();
      return;
    }
    var to = new Socket(InetAddress.getLoopbackAddress(), port);
    Thread.ofVirtual().start(() -> pump(from, to));
    Thread.ofVirtual().start(() -> pump(to, from));
  }

  private void pump(Socket from, Socket to) {
    open.add(from);
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Both are closed either way.
    } finally {
      open.remove(from);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Closed all the same.
    }
  }
}
