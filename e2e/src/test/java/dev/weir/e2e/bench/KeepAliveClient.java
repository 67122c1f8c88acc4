package dev.weir.e2e.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One client connection that sends one request at a time; replies must have a Content-Length. */
final class KeepAliveClient implements AutoCloseable {
  private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;
  private final byte[] buffer = new byte[16_384];

  KeepAliveClient(int port) throws IOException {
    this(connected(port));
  }

  /** Over a connection that is there. */
  KeepAliveClient(Socket socket) {
    this.socket = socket;
  }

  /** A connection to a port of 127.0.0.1. */
  static Socket connected(int port) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    return socket;
  }

  static byte[] get(String host, String path) {
    return ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Sends a request and reads the whole reply; answers its status. */
  int exchange(byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    var in = socket.getInputStream();
    int filled = 0;
    int end = -1;
    while (end < 0) {
      int n = in.read(buffer, filled, buffer.length - filled);
      if (n < 0) {
        throw new IOException("the proxy closed the connection");
      }
      filled += n;
      end = headEnd(filled);
    }
    int total = end + contentLength(end);
    while (filled < total) {
      int n = in.read(buffer, 0, buffer.length);
      if (n < 0) {
        throw new IOException("the proxy closed the connection in a body");
      }
      filled += n;
    }
    return (buffer[9] - '0') * 100 + (buffer[10] - '0') * 10 + (buffer[11] - '0');
  }

  private int headEnd(int filled) {
    for (int i = 3; i < filled; i++) {
      if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private int contentLength(int end) {
    for (int i = 0; i < end - LENGTH.length; i++) {
      int k = 0;
      while (k < LENGTH.length && (buffer[i + k] | 0x20) == (LENGTH[k] | 0x20)) {
        k++;
      }
      if (k == LENGTH.length) {
        int length = 0;
        for (int j = i + k; buffer[j] != '\r'; j++) {
          length = buffer[j] == ' ' ? length : length * 10 + buffer[j] - '0';
        }
        return length;
      }
    }
    return 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
