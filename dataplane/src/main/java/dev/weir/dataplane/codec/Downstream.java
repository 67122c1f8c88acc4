package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.Client;
import dev.weir.dataplane.http.ClientFields;
import dev.weir.dataplane.http.IpAddress;
import dev.weir.dataplane.http.TlsSession;
import io.netty.channel.EventLoop;

/**
 * What is known of a client's connection; with the PROXY protocol, what its header says, if its
 * sender is trusted.
 *
 * @param loop everything of the connection happens there
 * @param address the client's IP address
 * @param addressText the same as text
 * @param session how the other side speaks TLS to us
 * @param https whether the client speaks HTTPS, be it to us or to who is in front of us
 * @param port the port that the client connected to
 * @param reportedPort the port that upstreams are told
 * @param peerPort the port that the client connected from; 0 if that isn't known
 * @param fields what upstreams are told of the client
 */
public record Downstream(
    EventLoop loop,
    IpAddress address,
    String addressText,
    TlsSession session,
    boolean https,
    int port,
    int reportedPort,
    int peerPort,
    ClientFields fields)
    implements Client {

  /**
   * With the fields that follow from the rest.
   *
   * @param tls whether the other side speaks TLS to us
   */
  public Downstream(
      EventLoop loop,
      IpAddress address,
      String addressText,
      boolean tls,
      boolean https,
      int port,
      int reportedPort) {
    this(
        loop,
        address,
        addressText,
        tls ? TlsSession.PENDING : TlsSession.NONE,
        https,
        port,
        reportedPort,
        0,
        ClientFields.of(addressText, reportedPort, scheme(https)));
  }

  /** The same with the port that the client connected from. */
  public Downstream from(int clientPort) {
    return new Downstream(
        loop, address, addressText, session, https, port, reportedPort, clientPort, fields);
  }

  /** The same once the handshake is over. */
  public Downstream secured(TlsSession now) {
    return new Downstream(
        loop, address, addressText, now, https, port, reportedPort, peerPort, fields);
  }

  @Override
  public String scheme() {
    return scheme(https);
  }

  private static String scheme(boolean https) {
    return https ? "https" : "http";
  }
}
