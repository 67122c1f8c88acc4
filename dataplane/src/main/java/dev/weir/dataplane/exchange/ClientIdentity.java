package dev.weir.dataplane.exchange;

import dev.weir.dataplane.codec.Downstream;
import dev.weir.dataplane.http.Client;
import dev.weir.dataplane.http.HostName;
import dev.weir.dataplane.http.IpAddress;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.http.TlsSession;
import dev.weir.dataplane.http.Tokens;
import dev.weir.dataplane.model.ForwardedTrust;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a trusted proxy in front of us says of a request's client (ingress-nginx.md 4.7). Fields of
 * others count for nothing (P20 of hardening.md), and neither does a value that can't be one: then
 * the connection's own stands.
 *
 * @param address of the client
 * @param addressText the same as text
 * @param scheme as the proxy wrote it, be it {@code http}, {@code https} or another word
 * @param session how the proxy speaks TLS to us
 * @param port the port that the client connected to
 * @param reportedPort the same, as upstreams are told
 */
record ClientIdentity(
    IpAddress address,
    String addressText,
    String scheme,
    TlsSession session,
    int port,
    int reportedPort,
    Told told)
    implements Client {

  /**
   * What is no matter of the client alone.
   *
   * @param authority host and port that the client asked for, as written
   * @param host the same lower-case without port
   * @param forwardedFor {@code X-Forwarded-For} as upstreams get it
   */
  record Told(String authority, String host, String forwardedFor) {}

  @Override
  public String authority(RequestHead head) {
    return told.authority();
  }

  @Override
  public String host(RequestHead head) {
    return told.host();
  }

  @Override
  public CharSequence authorityText(RequestHead head) {
    return told.authority();
  }

  @Override
  public CharSequence hostText(RequestHead head) {
    return told.host();
  }

  @Override
  public String forwardedFor() {
    return told.forwardedFor();
  }

  /** No port. */
  private static final int NONE = 0;

  private static final int LONGEST_SCHEME = 64;

  /** Reads what the head's fields say; null if the connection says it all. */
  static @Nullable ClientIdentity of(RequestHead head, Downstream peer, ForwardedTrust trust) {
    if (!trust.readsFields() || !trust.peers().contains(peer.address())) {
      return null;
    }
    var fields = head.fields();
    var client =
        ForwardedFor.client(fields.all(trust.addressField()), peer.address(), trust.peers());
    var text = client.equals(peer.address()) ? peer.addressText() : client.text();
    var scheme = peer.scheme();
    int port = NONE;
    var authority = head.authority();
    var host = head.host();
    var forwardedFor = text;
    if (trust.fields()) {
      scheme = or(scheme(fields.first("x-forwarded-proto")), scheme);
      port = port(fields.first("x-forwarded-port"));
      var asked = firstEntry(fields.first("x-forwarded-host"));
      var askedHost = asked.isEmpty() ? null : HostName.of(asked);
      if (askedHost != null) {
        authority = asked;
        host = askedHost;
      }
      if (trust.appends()) {
        forwardedFor = appended(fields.all(ForwardedTrust.USUAL_FIELD), peer.addressText());
      }
    }
    return new ClientIdentity(
        client,
        text,
        scheme,
        peer.session(),
        port == NONE ? peer.port() : port,
        port == NONE ? peer.reportedPort() : port,
        new Told(authority, host, forwardedFor));
  }

  private static String or(@Nullable String said, String otherwise) {
    return said == null ? otherwise : said;
  }

  private static String firstEntry(@Nullable String list) {
    if (list == null) {
      return "";
    }
    int comma = list.indexOf(',');
    return (comma < 0 ? list : list.substring(0, comma)).strip();
  }

  /** A word, or words as a chain of proxies leaves them; they end up in fields and addresses. */
  private static @Nullable String scheme(@Nullable String text) {
    if (text == null || text.isEmpty() || text.length() > LONGEST_SCHEME) {
      return null;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != ',' && c != ' ' && !Tokens.isTokenByte(c)) {
        return null;
      }
    }
    return text;
  }

  private static int port(@Nullable String text) {
    if (text == null || text.isEmpty() || text.length() > 5) {
      return NONE;
    }
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return NONE;
      }
      number = number * 10 + (c - '0');
    }
    return number <= 65_535 ? number : NONE;
  }

  private static String appended(List<String> lines, String peer) {
    var chain = new StringBuilder();
    for (var line : lines) {
      if (!line.isBlank()) {
        chain.append(line).append(", ");
      }
    }
    return chain.append(peer).toString();
  }
}
