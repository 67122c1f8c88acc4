package dev.weir.e2e.fault;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A pod that can be killed in the middle of its requests, and comes back at the same address. */
final class Pod implements AutoCloseable {
  private static final String REPLY = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final String address;
  private final int port;
  private final Map<String, Integer> seen;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Injection fault;
  private volatile CountDownLatch struck = new CountDownLatch(0);
  private volatile boolean dying;
  private volatile Backend backend;

  /**
   * Listens.
   *
   * @param port 0 for a free one
   * @param seen counts how often each request, by method and target, came to some pod
   * @param fault counts requests that die with their pod
   */
  Pod(String address, int port, Map<String, Integer> seen, Injection fault) throws IOException {
    this.address = address;
    this.seen = seen;
    this.fault = fault;
    this.backend = Backend.listen("pod", this::serve, address, port);
    this.port = backend.port();
  }

  String address() {
    return address;
  }

  int port() {
    return port;
  }

  int requests() {
    return backend.requests();
  }

  private void serve(Script.Call call) throws IOException {
    sockets.add(call.socket());
    seen.merge(call.head().method() + " " + call.head().target(), 1, Integer::sum);
    if (dying) {
      fault.count();
      call.reset();
      struck.countDown();
      return;
    }
    call.write(REPLY);
  }

  /** As SIGKILL does while requests are in flight: resets, then refused connections. */
  void kill() throws IOException, InterruptedException {
    struck = new CountDownLatch(1);
    dying = true;
    if (!struck.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("no request came to " + address + " to die with it");
    }
    for (var socket : sockets) {
      if (!socket.isClosed()) {
        reset(socket);
      }
    }
    sockets.clear();
    backend.close();
  }

  private static void reset(Socket socket) throws IOException {
    try {
      socket.setSoLinger(true, 0);
    } catch (SocketException e) {
      // Closed in this moment by the other thread.
      return;
    }
    socket.close();
  }

  /** Starts again. */
  void revive() throws IOException {
    dying = false;
    backend = Backend.listen("pod", this::serve, address, port);
  }

  @Override
  public void close() {
    backend.close();
  }
}
