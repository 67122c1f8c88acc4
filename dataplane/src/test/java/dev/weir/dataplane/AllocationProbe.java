package dev.weir.dataplane;

import com.sun.management.ThreadMXBean;
import dev.weir.dataplane.model.AccessLogSettings;
import dev.weir.dataplane.model.Listener;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.ProxySettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Counts the heap that the event loop of a data plane allocates for each small request on kept
 * connections. A program of its own: tests run with a leak detector, which allocates for every
 * buffer.
 */
final class AllocationProbe {
  private static final int CONNECTIONS = 8;

  /**
   * Of which the one counts that took least: in any of them a connection to the endpoint may be
   * opened because the others were busy for longer, which takes as much as hundreds of requests.
   */
  static final int WINDOWS = 5;

  private static final int REPLY_LENGTH = 35;
  private static final byte[] REQUEST =
      """
      GET /catalogue/shoes?page=3 HTTP/1.1
      Host: shop.example.com
      User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0
      Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
      Accept-Language: en-US,en;q=0.5
      Accept-Encoding: gzip, deflate, br
      Connection: keep-alive
      Upgrade-Insecure-Requests: 1
      Sec-Fetch-Dest: document
      Cache-Control: max-age=0

      """
          .replace("\n", "\r\n")
          .getBytes(StandardCharsets.US_ASCII);
  private static final byte[] REPLY =
      ("""
      HTTP/1.1 200 OK
      Date: Sat, 21 Nov 2026 04:00:00 GMT
      Content-Type: text/plain
      Content-Length: %d

      """
                  .replace("\n", "\r\n")
                  .formatted(REPLY_LENGTH)
              + "x".repeat(REPLY_LENGTH))
          .getBytes(StandardCharsets.US_ASCII);

  /** With the usual line for each request, or without any. */
  static ProxySettings settings(boolean logged) {
    var log = AccessLogSettings.DEFAULT;
    return TestPlane.settingsWith(
        new AccessLogSettings(logged, false, false, Set.of(), log.format(), log.path()));
  }

  private AllocationProbe() {}

  /**
   * Prints {@code bytes per request: N}.
   *
   * @param args requests before the measurement, requests in it, and whether they are logged
   */
  public static void main(String[] args) throws Exception {
    int warmUp = Integer.parseInt(args[0]);
    int measured = Integer.parseInt(args[1]);
    var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (var backend = new RawBackend(AllocationProbe::answer);
        var plane = TestPlane.withOneLoop(new Listener("127.0.0.1", 0, false))) {
      plane.endpoints("web", List.of(backend.endpoint()));
      plane.route(new PathMatch.Prefix("/"), "web");
      plane.settings(settings(Boolean.parseBoolean(args[2])));
      var clients = new ArrayList<Socket>();
      for (int i = 0; i < CONNECTIONS; i++) {
        var socket = new Socket(InetAddress.getLoopbackAddress(), plane.port());
        socket.setTcpNoDelay(true);
        clients.add(socket);
      }
      request(clients, warmUp);
      long loop = loopThread();
      int count = measured / WINDOWS;
      long least = Long.MAX_VALUE;
      for (int i = 0; i < WINDOWS; i++) {
        long before = bean.getThreadAllocatedBytes(loop);
        request(clients, count);
        least = Math.min(least, bean.getThreadAllocatedBytes(loop) - before);
      }
      System.out.println("bytes per request: " + (least + count / 2) / count);
      for (var client : clients) {
        client.close();
      }
    }
  }

  static long loopThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("weir-loop"))
        .mapToLong(Thread::threadId)
        .reduce(
            (one, another) -> {
              throw new IllegalStateException("more than one event loop");
            })
        .orElseThrow();
  }

  private static void request(List<Socket> clients, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      var client = clients.get(i % clients.size());
      client.getOutputStream().write(REQUEST);
      if (readMessage(client.getInputStream(), new byte[4096], REPLY_LENGTH) < 0) {
        throw new IOException("connection closed instead of a reply");
      }
    }
  }

  static void answer(RawBackend.Connection connection) throws IOException {
    InputStream in = connection.socket().getInputStream();
    OutputStream out = connection.socket().getOutputStream();
    var buffer = new byte[4096];
    while (readMessage(in, buffer, 0) >= 0) {
      out.write(REPLY);
    }
  }

  /** Reads a head and a body of that length; -1 at the end of the connection. */
  private static int readMessage(InputStream in, byte[] buffer, int bodyLength) throws IOException {
    int length = 0;
    while (true) {
      int read = in.read(buffer, length, buffer.length - length);
      if (read < 0) {
        return -1;
      }
      length += read;
      int end = length - bodyLength;
      if (end >= 4
          && buffer[end - 4] == '\r'
          && buffer[end - 3] == '\n'
          && buffer[end - 2] == '\r'
          && buffer[end - 1] == '\n') {
        return length;
      }
    }
  }
}
