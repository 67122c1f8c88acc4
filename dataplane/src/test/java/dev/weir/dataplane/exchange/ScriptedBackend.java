package dev.weir.dataplane.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A backend that answers each request, on a connection of its own, as a script says. */
final class ScriptedBackend implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Script script;

  /** What is answered; the connection is closed afterwards. */
  interface Script {
    void answer(String request, OutputStream out) throws Exception;
  }

  ScriptedBackend(Script script) throws IOException {
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var head = new byte[65_536];
      int length = socket.getInputStream().read(head);
      if (length > 0) {
        var request = new String(head, 0, length, StandardCharsets.ISO_8859_1);
        script.answer(request, socket.getOutputStream());
      }
    } catch (Exception e) {
      // The proxy went away, or the test is over.
      return;
    } finally {
      open.remove(socket);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : open) {
      socket.close();
    }
  }
}
