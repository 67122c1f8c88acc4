package dev.weir.dataplane;

import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.upstream.TlsServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A backend whose connections do what a script says; records the heads that reach it. */
final class RawBackend implements AutoCloseable {
  /** What happens on a connection. */
  interface Script {
    void serve(Connection connection) throws Exception;
  }

  /** A request as received. */
  record Request(String requestLine, List<String> fields, String body) {
    List<String> all(String name) {
      return fields.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .toList();
    }

    String field(String name) {
      var values = all(name);
      if (values.size() > 1) {
        throw new AssertionError("several " + name + " in " + fields);
      }
      return values.isEmpty() ? "" : values.getFirst();
    }
  }

  /** The first byte of a handshake (RFC 8446 5.1). */
  private static final int HANDSHAKE = 22;

  private final ServerSocket server;
  private final @Nullable TlsServer tls;
  private final Script script;
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();

  RawBackend(Script script) throws IOException {
    this("127.0.0.1", script);
  }

  /** One that speaks TLS with those who do, and plain HTTP with others. */
  RawBackend(TlsServer tls, Script script) throws IOException {
    this("127.0.0.1", tls, script);
  }

  RawBackend(String address, Script script) throws IOException {
    this(address, null, script);
  }

  private RawBackend(String address, @Nullable TlsServer tls, Script script) throws IOException {
    this.tls = tls;
    this.script = script;
    server = new ServerSocket();
    server.bind(new InetSocketAddress(InetAddress.getByName(address), 0), 1000);
    Thread.ofVirtual().start(this::accept);
  }

  /** One that answers every request with 200 and {@code name}. */
  static RawBackend answering(String name) throws IOException {
    return new RawBackend(
        connection -> {
          while (connection.read() != null) {
            connection.reply(name);
          }
        });
  }

  /** One that answers every request with its head and body as text. */
  static RawBackend echo() throws IOException {
    return new RawBackend(
        connection -> {
          for (var request = connection.read(); request != null; request = connection.read()) {
            connection.reply(request.body());
          }
        });
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        open.add(socket);
        accepted.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      script.serve(connection(socket));
    } catch (Exception e) {
      // The peer went away, or the test is over.
      return;
    } finally {
      open.remove(socket);
    }
  }

  private Connection connection(Socket wire) throws IOException {
    if (tls == null) {
      return new Connection(wire, wire, wire.getInputStream());
    }
    int first = wire.getInputStream().read();
    var consumed = new ByteArrayInputStream(new byte[] {(byte) first});
    if (first == HANDSHAKE) {
      var socket = tls.on(wire, consumed);
      return new Connection(wire, socket, socket.getInputStream());
    }
    return new Connection(
        wire,
        wire,
        first < 0 ? consumed : new SequenceInputStream(consumed, wire.getInputStream()));
  }

  Endpoint endpoint() {
    return new Endpoint(
        server.getInetAddress().getHostAddress(), server.getLocalPort(), "", "", false);
  }

  Queue<Request> requests() {
    return requests;
  }

  int accepted() {
    return accepted.get();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : open) {
      socket.close();
    }
  }

  /** A connection that the proxy opened. */
  final class Connection {
    private final Socket wire;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private Connection(Socket wire, Socket socket, InputStream input) throws IOException {
      this.wire = wire;
      this.socket = socket;
      this.in = new BufferedInputStream(input);
      this.out = socket.getOutputStream();
    }

    Socket socket() {
      return socket;
    }

    /** {@code plain}, or {@code tls} and the name in the client's certificate. */
    String spoken() {
      return socket instanceof SSLSocket secured ? "tls " + TlsServer.client(secured) : "plain";
    }

    /** Closes below TLS: without close_notify. */
    void cut() throws IOException {
      wire.close();
    }

    InputStream in() {
      return in;
    }

    /** Reads a request with its body; null at the end of the connection. */
    @Nullable Request read() throws IOException {
      var head = readHead();
      if (head == null) {
        return null;
      }
      var length = head.field("content-length");
      byte[] body = {};
      if (!length.isEmpty()) {
        body = in.readNBytes(Integer.parseInt(length));
        if (body.length < Integer.parseInt(length)) {
          throw new IOException("body ended early");
        }
      } else if (head.field("transfer-encoding").equals("chunked")) {
        body = chunked();
      }
      var request =
          new Request(
              head.requestLine(), head.fields(), new String(body, StandardCharsets.ISO_8859_1));
      requests.add(request);
      return request;
    }

    @Nullable Request readHead() throws IOException {
      var requestLine = line();
      if (requestLine == null) {
        return null;
      }
      var fields = new ArrayList<String>();
      for (var line = line(); line != null && !line.isEmpty(); line = line()) {
        fields.add(line);
      }
      return new Request(requestLine, fields, "");
    }

    private byte[] chunked() throws IOException {
      var body = new ByteArrayOutputStream();
      while (true) {
        int size = Integer.parseInt(String.valueOf(line()), 16);
        if (size == 0) {
          line();
          return body.toByteArray();
        }
        body.write(in.readNBytes(size));
        line();
      }
    }

    private @Nullable String line() throws IOException {
      var line = new StringBuilder();
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          return null;
        }
        line.append((char) b);
      }
      return line.substring(0, line.length() - 1);
    }

    void reply(String body) throws IOException {
      send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    void send(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    void send(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    /** Ends the connection with a reset in place of a FIN. */
    void resetConnection() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
