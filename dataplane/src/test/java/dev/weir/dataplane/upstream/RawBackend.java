package dev.weir.dataplane.upstream;

import dev.weir.dataplane.model.Endpoint;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A server on a socket whose every byte is a test's: one virtual thread for each connection. */
final class RawBackend implements Closeable {
  /** What a connection does; it closes afterwards. */
  interface Script {
    void serve(Peer peer) throws IOException;
  }

  private final ServerSocket server;
  private final @Nullable TlsServer tls;
  private final Script script;
  private final Queue<Peer> peers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();

  RawBackend(String address, Script script) throws IOException {
    this(address, script, 0);
  }

  RawBackend(String address, Script script, int port) throws IOException {
    this(address, script, port, null);
  }

  /** One that speaks TLS. */
  RawBackend(TlsServer tls, Script script) throws IOException {
    this("127.0.0.1", script, 0, tls);
  }

  private RawBackend(String address, Script script, int port, @Nullable TlsServer tls)
      throws IOException {
    this.tls = tls;
    this.server = new ServerSocket(port, 256, InetAddress.getByName(address));
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  RawBackend(Script script) throws IOException {
    this("127.0.0.1", script);
  }

  /** Answers every request with 200 and that body, keeping the connection. */
  static RawBackend saying(String body) throws IOException {
    return new RawBackend(peer -> serveAll(peer, ok(body)));
  }

  static void serveAll(Peer peer, String reply) throws IOException {
    while (peer.readRequest() != null) {
      peer.send(reply);
    }
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  int port() {
    return server.getLocalPort();
  }

  Endpoint endpoint() {
    return endpoint("");
  }

  Endpoint endpoint(String podUid) {
    return new Endpoint(server.getInetAddress().getHostAddress(), port(), podUid, "", false);
  }

  /** Connections accepted so far. */
  int accepted() {
    return accepted.get();
  }

  /** Connections whose script has not ended. */
  int open() {
    return open.get();
  }

  /** Requests read so far. */
  int requests() {
    return requests.get();
  }

  private void accept() {
    while (true) {
      try {
        var wire = server.accept();
        var peer = new Peer(wire, tls == null ? wire : tls.on(wire));
        accepted.incrementAndGet();
        open.incrementAndGet();
        peers.add(peer);
        Thread.ofVirtual().start(() -> run(peer));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void run(Peer peer) {
    try {
      script.serve(peer);
    } catch (IOException e) {
      // The other side hung up; what it saw is what the test looks at.
      return;
    } finally {
      peers.remove(peer);
      peer.close();
      open.decrementAndGet();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var peer : peers) {
      peer.wire.close();
    }
  }

  /** One connection. */
  final class Peer {
    /** What TLS, if there is any, stands on. */
    final Socket wire;

    final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Peer(Socket wire, Socket socket) throws IOException {
      this.wire = wire;
      this.socket = socket;
      socket.setTcpNoDelay(true);
      this.in = new BufferedInputStream(socket.getInputStream());
      this.out = socket.getOutputStream();
    }

    /** The head of the next request, without its empty line; null at the end. */
    @Nullable String readHead() throws IOException {
      var head = new ByteArrayOutputStream();
      int lineLength = 0;
      while (true) {
        int b = in.read();
        if (b < 0) {
          return null;
        }
        head.write(b);
        if (b == '\n') {
          if (lineLength == 0) {
            requests.incrementAndGet();
            return head.toString(StandardCharsets.ISO_8859_1).stripTrailing();
          }
          lineLength = 0;
        } else if (b != '\r') {
          lineLength++;
        }
      }
    }

    /** The next request with its counted body; null at the end. */
    @Nullable String readRequest() throws IOException {
      var head = readHead();
      if (head == null) {
        return null;
      }
      int at = head.indexOf("Content-Length: ");
      if (at < 0) {
        return head;
      }
      int length = Integer.parseInt(head.substring(at + 16).lines().findFirst().orElseThrow());
      return head + "\r\n\r\n" + read(length);
    }

    String read(int length) throws IOException {
      var bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException();
      }
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Everything up to the end. */
    byte[] readAll() throws IOException {
      return in.readAllBytes();
    }

    /** Until the other side ends the connection, in good order or by a reset. */
    void awaitEnd() throws IOException {
      try {
        var _ = in.readAllBytes();
      } catch (SocketException e) {
        // It is over all the same.
      }
    }

    void send(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    void send(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    /** Closes, which may have happened before. */
    void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Who the other side says that it is by its certificate; empty if it says nothing. */
    String client() {
      return socket instanceof SSLSocket secured ? TlsServer.client(secured) : "";
    }

    /** Closes below TLS: without close_notify. */
    void cut() throws IOException {
      wire.close();
    }

    /** Closes with a reset instead of an end. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
