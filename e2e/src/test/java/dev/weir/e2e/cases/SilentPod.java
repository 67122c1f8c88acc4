package dev.weir.e2e.cases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A pod at which connections neither come about nor are refused: its queue of them is full. */
final class SilentPod implements AutoCloseable {
  private static final int FULL_MILLIS = 100;

  private final ServerSocket listener;
  private final List<Socket> queue = new ArrayList<>();

  /**
   * @param port 0 for a free one
   */
  SilentPod(String address, int port) {
    try {
      listener = new ServerSocket();
      listener.bind(new InetSocketAddress(address, port), 1);
      fill();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void fill() throws IOException {
    try {
      while (true) {
        var socket = new Socket();
        queue.add(socket);
        socket.connect(listener.getLocalSocketAddress(), FULL_MILLIS);
      }
    } catch (SocketTimeoutException full) {
      queue.removeLast().close();
    }
  }

  String address() {
    return listener.getInetAddress().getHostAddress();
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (var socket : queue) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
