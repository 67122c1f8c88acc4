package dev.weir.e2e.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that sends exactly what it is told. Nothing waits longer than a minute:
 * what does not come by then fails the test.
 */
public final class Wire implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;
  private final MessageReader reader;

  private Wire(Socket socket) throws IOException {
    this.socket = socket;
    this.reader = new MessageReader(socket.getInputStream());
  }

  /** A plain connection. */
  public static Wire to(InetSocketAddress address) throws IOException {
    return new Wire(connected(address));
  }

  /** A plain connection that takes at most about so many bytes before it is read. */
  public static Wire narrow(InetSocketAddress address, int receiveBuffer) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(receiveBuffer);
    return new Wire(connect(socket, address));
  }

  /**
   * A TLS connection after its handshake; any certificate will do.
   *
   * @param serverName sent as SNI; null for none
   */
  public static Wire tls(InetSocketAddress address, @Nullable String serverName)
      throws IOException {
    return tls(address, serverName, "TLSv1.3", "TLSv1.2");
  }

  /** The same, with these versions of TLS. */
  public static Wire tls(InetSocketAddress address, @Nullable String serverName, String... versions)
      throws IOException {
    var plain = connected(address);
    try {
      var factory = AnyCertificate.context().getSocketFactory();
      var socket = (SSLSocket) factory.createSocket(plain, null, address.getPort(), true);
      var parameters = socket.getSSLParameters();
      parameters.setServerNames(
          serverName == null ? List.of() : List.of(new SNIHostName(serverName)));
      parameters.setProtocols(versions);
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return new Wire(socket);
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /**
   * A TLS connection after its handshake, on which one of these protocols is to be spoken, the
   * first preferred (RFC 7301); {@link #spoken} tells which.
   */
  public static Wire speaking(InetSocketAddress address, String serverName, String... protocols)
      throws IOException {
    var plain = connected(address);
    try {
      var factory = AnyCertificate.context().getSocketFactory();
      var socket = (SSLSocket) factory.createSocket(plain, null, address.getPort(), true);
      var parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(serverName)));
      parameters.setApplicationProtocols(protocols);
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return new Wire(socket);
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /**
   * A connection as a case wants it.
   *
   * @param context remembers sessions
   */
  public static Wire dial(InetSocketAddress address, boolean tls, Dial dial, SSLContext context)
      throws IOException {
    var plain = new Socket();
    try {
      if (!dial.from().isEmpty()) {
        plain.bind(new InetSocketAddress(dial.from(), 0));
      }
      connect(plain, address);
      plain.getOutputStream().write(dial.preface().getBytes(StandardCharsets.ISO_8859_1));
      return new Wire(tls ? secured(plain, address.getPort(), dial, context) : plain);
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  private static SSLSocket secured(Socket plain, int port, Dial dial, SSLContext context)
      throws IOException {
    var factory = context.getSocketFactory();
    // The JDK remembers sessions by name and port.
    var remembered = dial.session().isEmpty() ? null : dial.session();
    var socket = (SSLSocket) factory.createSocket(plain, remembered, port, true);
    var parameters = socket.getSSLParameters();
    var name = dial.serverName();
    parameters.setServerNames(name.isEmpty() ? List.of() : List.of(new SNIHostName(name)));
    var versions = dial.versions().isEmpty() ? List.of("TLSv1.3", "TLSv1.2") : dial.versions();
    parameters.setProtocols(versions.toArray(String[]::new));
    if (!dial.ciphers().isEmpty()) {
      parameters.setCipherSuites(dial.ciphers().toArray(String[]::new));
    }
    if (!dial.groups().isEmpty()) {
      parameters.setNamedGroups(dial.groups().toArray(String[]::new));
    }
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static Socket connected(InetSocketAddress address) throws IOException {
    return connect(new Socket(), address);
  }

  private static Socket connect(Socket socket, InetSocketAddress address) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(address, PATIENCE_MILLIS);
    return socket;
  }

  /** Sends text as ISO 8859-1. */
  public Wire send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends bytes. */
  public Wire send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Tells the peer that nothing more will be sent. */
  public Wire endOutput() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Sends a GET and reads the reply. */
  public Reply get(String host, String target) throws IOException {
    return send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").reply("GET");
  }

  /** Reads the reply to a GET or another method with an ordinary body. */
  public Reply reply() throws IOException {
    return reply("GET");
  }

  /** Reads the next reply, interim ones too. */
  public Reply reply(String method) throws IOException {
    var head = head();
    var body = new ByteArrayOutputStream();
    reader.replyBody(method, head).transferTo(body);
    return new Reply(head, body.toByteArray());
  }

  /** Reads a reply's head only. */
  public Head head() throws IOException {
    var head = reader.head();
    if (head == null) {
      throw new EOFException("closed without a reply");
    }
    return head;
  }

  /** The body that belongs to a head. */
  public InputStream body(Head head) {
    return reader.replyBody("GET", head);
  }

  /** Reads so many bytes. */
  public byte[] bytes(int count) throws IOException {
    return reader.bytes(count);
  }

  /** The next byte; -1 if the peer closed or reset the connection. */
  public int read() throws IOException {
    try {
      return reader.read();
    } catch (SocketException e) {
      return -1;
    }
  }

  /** What is spoken on top of TLS; empty for what isn't said. */
  public String spoken() {
    return socket instanceof SSLSocket secured ? secured.getApplicationProtocol() : "";
  }

  /** Waits until the peer closes or resets; false if it sends something instead. */
  public boolean isClosedByPeer() throws IOException {
    try {
      return reader.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  /** The certificate that the server showed. */
  public X509Certificate certificate() throws SSLPeerUnverifiedException {
    return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
  }

  /** What TLS came to, by name: version, cipher, stapled; empty for a plain connection. */
  public Map<String, String> security() {
    if (socket instanceof SSLSocket secured
        && secured.getSession() instanceof ExtendedSSLSession session) {
      return Map.of(
          "version",
          session.getProtocol(),
          "cipher",
          session.getCipherSuite(),
          "stapled",
          Boolean.toString(!session.getStatusResponses().isEmpty()));
    }
    return Map.of();
  }

  /** The version of TLS in use. */
  public String protocol() {
    return ((SSLSocket) socket).getSession().getProtocol();
  }

  /** This end's port. */
  public int localPort() {
    return socket.getLocalPort();
  }

  /** Closes with a reset. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Closes in good order. */
  public void hangUp() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    hangUp();
  }
}
