package dev.weir.dataplane;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A client that sends exactly the bytes it is told to and takes replies apart by itself. */
final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /** A reply as received. */
  record Reply(String statusLine, List<String> fields, String body) {
    int status() {
      return Integer.parseInt(statusLine.substring(9, 12));
    }

    /** The only value of that field, or empty text. */
    String field(String name) {
      var values = all(name);
      if (values.size() > 1) {
        throw new AssertionError("several " + name + " in " + fields);
      }
      return values.isEmpty() ? "" : values.getFirst();
    }

    List<String> all(String name) {
      return fields.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .toList();
    }
  }

  RawClient(int port) throws IOException {
    this(new Socket(), port);
  }

  RawClient(Socket unconnected, int port) throws IOException {
    socket = unconnected;
    if (!socket.isConnected()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }
    socket.setSoTimeout(60_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Sends a request for {@code target} to {@code shop.example.com}. */
  RawClient get(String target) throws IOException {
    return send("GET " + target + " HTTP/1.1\r\nHost: shop.example.com\r\n\r\n");
  }

  /** Reads a reply to a request other than HEAD. */
  Reply read() throws IOException {
    return read(true);
  }

  Reply readWithoutBody() throws IOException {
    return read(false);
  }

  private Reply read(boolean withBody) throws IOException {
    var statusLine = line();
    var fields = new ArrayList<String>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      fields.add(line);
    }
    var head = new Reply(statusLine, fields, "");
    int status = head.status();
    if (!withBody || status < 200 || status == 204 || status == 304) {
      return head;
    }
    var length = head.field("content-length");
    byte[] body;
    if (head.field("transfer-encoding").equals("chunked")) {
      body = chunked();
    } else if (length.isEmpty()) {
      body = in.readAllBytes();
    } else {
      body = in.readNBytes(Integer.parseInt(length));
    }
    return new Reply(statusLine, fields, new String(body, StandardCharsets.ISO_8859_1));
  }

  private byte[] chunked() throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(), 16);
      if (size == 0) {
        if (!line().isEmpty()) {
          throw new AssertionError("trailers");
        }
        return body.toByteArray();
      }
      body.write(in.readNBytes(size));
      if (!line().isEmpty()) {
        throw new AssertionError("no end of chunk");
      }
    }
  }

  /** One line without its CRLF. */
  String line() throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("connection closed after '" + line + "'");
      }
      line.append((char) b);
    }
    if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
      throw new AssertionError("line without CR: " + line);
    }
    line.setLength(line.length() - 1);
    return line.toString();
  }

  byte[] readBytes(int count) throws IOException {
    return in.readNBytes(count);
  }

  /** Reads up to the end of the connection; what there was before it. */
  String readToEnd() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** Whether the server closed in good order, without another byte. */
  boolean closedByServer() throws IOException {
    return in.read() < 0;
  }

  /** Whether nothing comes within the socket's timeout. */
  boolean isSilent() throws IOException {
    try {
      return in.read() == Integer.MIN_VALUE;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  /** Whether the server closed without a byte, in good order or by a reset. */
  boolean isCutOff() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
