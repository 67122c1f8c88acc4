package dev.weir.dataplane.upstream;

import dev.weir.tls.Staples;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Puts questions to OCSP responders by HTTP (RFC 6960 appendix A). A certificate of anybody's names
 * them, so the addresses that nobody may have the proxy call are not called ({@link AddressRules}),
 * nor the machine's own, and only the port of HTTP is. The name is resolved once, and what was
 * judged is what is connected to. Redirects are not followed, a reply is bounded in size and time.
 *
 * <p>Blocks; safe for use by many threads, event loops excepted.
 *
 * @param allowLoopback whether a responder may be on this machine, on any port (folders of
 *     manifests only)
 * @param whole for all of one question but the look-up of its name
 */
public record OcspResponders(boolean allowLoopback, Duration whole) implements Staples.Responder {
  private static final int HTTP = 80;
  private static final int LONGEST_REPLY = 64 * 1024;
  private static final int UNKNOWN = Integer.MAX_VALUE;
  private static final int MOST_ADDRESSES = 3;
  private static final Pattern STATUS = Pattern.compile("http/1\\.[01] ([0-9]{3})(?: .*)?");
  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

  /** With ten seconds for a question. */
  public static OcspResponders system(DnsSettings dns) {
    return new OcspResponders(dns.allowLoopback(), Duration.ofSeconds(10));
  }

  @Override
  public byte[] ask(URI responder, byte[] question) throws IOException {
    long deadline = System.nanoTime() + whole.toNanos();
    int port = responder.getPort() < 0 ? HTTP : responder.getPort();
    var all = List.of(InetAddress.getAllByName(responder.getHost()));
    var usable = callable(all);
    var failure = new IOException(responder + " has no address that may be called: " + all);
    if (!allowLoopback && port != HTTP && !usable.isEmpty()) {
      throw new IOException(responder + " isn't on port 80, and no other may be called");
    }
    for (var address : usable.subList(0, Math.min(usable.size(), MOST_ADDRESSES))) {
      try {
        return ask(new InetSocketAddress(address, port), responder, question, deadline);
      } catch (IOException e) {
        failure = new IOException(responder + " at " + address + ": " + e.getMessage(), e);
      }
    }
    throw failure;
  }

  /** Asks the system for the machine's own addresses each time: they come and go. */
  private List<InetAddress> callable(List<InetAddress> all) throws SocketException {
    var callable = new ArrayList<InetAddress>();
    for (var address : AddressRules.usable(all, allowLoopback)) {
      if (allowLoopback || NetworkInterface.getByInetAddress(address) == null) {
        callable.add(address);
      }
    }
    return callable;
  }

  private static byte[] ask(
      InetSocketAddress address, URI responder, byte[] question, long deadline) throws IOException {
    try (var socket = new Socket(Proxy.NO_PROXY)) {
      socket.connect(address, left(deadline));
      var path = responder.getRawPath();
      var query = responder.getRawQuery();
      // HTTP/1.0: the reply ends with the connection, and nobody sends it in chunks.
      var head =
          "POST "
              + (path == null || path.isEmpty() ? "/" : path)
              + (query == null ? "" : "?" + query)
              + " HTTP/1.0\r\nHost: "
              + responder.getHost()
              + (responder.getPort() < 0 ? "" : ":" + responder.getPort())
              + "\r\nContent-Type: application/ocsp-request\r\nAccept: application/ocsp-response"
              + "\r\nContent-Length: "
              + question.length
              + "\r\n\r\n";
      var out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.write(question);
      out.flush();
      return body(socket, deadline);
    }
  }

  /** What follows the head, which is read once: the length that it names, or all there is. */
  private static byte[] body(Socket socket, long deadline) throws IOException {
    var reply = new byte[LONGEST_REPLY + 1];
    var in = socket.getInputStream();
    int length = 0;
    int body = -1;
    int whole = UNKNOWN;
    while (length < whole) {
      socket.setSoTimeout(left(deadline));
      int count = in.read(reply, length, reply.length - length);
      if (count < 0) {
        break;
      }
      int from = Math.max(0, length - HEAD_END.length + 1);
      length += count;
      if (length > LONGEST_REPLY) {
        throw new IOException("the reply is longer than " + LONGEST_REPLY + " bytes");
      }
      if (body < 0) {
        body = headEnd(reply, from, length);
        whole = body < 0 ? UNKNOWN : whole(reply, body);
      }
    }
    if (body < 0) {
      throw new IOException("the reply is no HTTP");
    }
    if (whole != UNKNOWN && length < whole) {
      throw new IOException("the reply ends before its length");
    }
    return Arrays.copyOfRange(reply, body, Math.min(length, whole));
  }

  private static int left(long deadline) throws SocketTimeoutException {
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException("no whole reply in time");
    }
    return (int) millis;
  }

  /** How long the reply is, its head included; some keep the connection open after it. */
  private static int whole(byte[] reply, int body) throws IOException {
    var text = new String(reply, 0, body, StandardCharsets.ISO_8859_1);
    var lines = text.toLowerCase(Locale.ROOT).lines().toList();
    var status = STATUS.matcher(lines.getFirst());
    if (!status.matches()) {
      throw new IOException("the reply is no HTTP");
    }
    if (!status.group(1).equals("200")) {
      // No more of it: it is logged, and anybody may have written it.
      throw new IOException("the responder answers with status " + status.group(1));
    }
    for (var line : lines) {
      if (line.startsWith("content-length:")) {
        var digits = line.substring("content-length:".length()).strip();
        return digits.matches("[0-9]{1,6}") ? body + Integer.parseInt(digits) : UNKNOWN;
      }
    }
    return UNKNOWN;
  }

  /** Where the body begins; -1 if the head isn't whole. */
  private static int headEnd(byte[] reply, int from, int length) {
    for (int i = from; i + HEAD_END.length <= length; i++) {
      if (Arrays.equals(reply, i, i + HEAD_END.length, HEAD_END, 0, HEAD_END.length)) {
        return i + HEAD_END.length;
      }
    }
    return -1;
  }
}
