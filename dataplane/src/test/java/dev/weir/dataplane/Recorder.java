package dev.weir.dataplane;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A backend's script that answers every request with 200 and keeps what it got, byte for byte but
 * for the fields that the proxy adds and the framing of chunks, which it insists on.
 */
final class Recorder implements RawBackend.Script {
  private static final Set<String> ADDED =
      Set.of(
          "x-request-id",
          "x-real-ip",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-proto",
          "x-forwarded-scheme",
          "x-scheme");

  private final List<String> complete = new ArrayList<>();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger brokenOff = new AtomicInteger();
  private final AtomicInteger completed = new AtomicInteger();

  /** Requests that arrived whole since the last call. */
  synchronized List<String> take() {
    var taken = List.copyOf(complete);
    complete.clear();
    return taken;
  }

  /** Puts those back that {@link #take} gave. */
  synchronized void putBack(List<String> taken) {
    complete.addAll(0, taken);
  }

  /** How many requests began so far. */
  int begun() {
    return begun.get();
  }

  /** How many requests arrived whole so far. */
  int completed() {
    return completed.get();
  }

  /** How many connections ended inside a request so far. */
  int brokenOff() {
    return brokenOff.get();
  }

  @Override
  public void serve(RawBackend.Connection connection) throws Exception {
    var in = connection.in();
    for (int first = in.read(); first >= 0; first = in.read()) {
      begun.incrementAndGet();
      String request;
      try {
        request = request(in, first);
      } catch (EOFException | SocketException e) {
        brokenOff.incrementAndGet();
        return;
      }
      synchronized (this) {
        complete.add(request);
      }
      completed.incrementAndGet();
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
  }

  private static String request(InputStream in, int first) throws IOException {
    var head = new StringBuilder().append((char) first).append(line(in));
    int length = 0;
    boolean chunked = false;
    for (var line = line(in); !line.equals("\r\n"); line = line(in)) {
      int colon = line.indexOf(": ");
      var name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      if (!ADDED.contains(name)) {
        head.append(line);
      }
      if (name.equals("content-length")) {
        length = Integer.parseInt(line.substring(colon + 2).strip());
      }
      chunked |= line.equals("Transfer-Encoding: chunked\r\n");
    }
    return head.append("\r\n").append(chunked ? chunks(in) : bytes(in, length)).toString();
  }

  private static String chunks(InputStream in) throws IOException {
    var body = new StringBuilder();
    while (true) {
      int size = Integer.parseInt(line(in).replace("\r\n", ""), 16);
      body.append(bytes(in, size));
      if (!line(in).equals("\r\n")) {
        throw new IOException("no end of chunk");
      }
      if (size == 0) {
        return body.toString();
      }
    }
  }

  private static String bytes(InputStream in, int count) throws IOException {
    var bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("inside a body");
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** With its line end. */
  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    while (!line.toString().endsWith("\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("inside a line");
      }
      line.append((char) b);
    }
    return line.toString();
  }
}
