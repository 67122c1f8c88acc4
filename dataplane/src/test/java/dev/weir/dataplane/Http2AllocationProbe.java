package dev.weir.dataplane;

import dev.weir.dataplane.model.Listener;
import dev.weir.dataplane.model.PathMatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** As {@link AllocationProbe}, with clients that speak HTTP/2 and have several streams open. */
final class Http2AllocationProbe {
  private static final int CONNECTIONS = 4;
  private static final int STREAMS = 8;
  private static final int END_STREAM = 1;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int WINDOW_UPDATE = 8;

  private Http2AllocationProbe() {}

  /** A client that asks for the same again and again: from the second time on its head is small. */
  private static final class Client {
    private final Socket socket;
    private final DataInputStream in;
    private final byte[] head;
    private final byte[] payload = new byte[16_384];
    private int nextId = 1;

    Client(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream(), 65_536));
      var encoder = new DefaultHttp2HeadersEncoder();
      var out = Unpooled.buffer();
      out.writeCharSequence("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII);
      frame(out, SETTINGS, 0, 0, Unpooled.EMPTY_BUFFER);
      frame(out, WINDOW_UPDATE, 0, 0, Unpooled.buffer().writeInt(1 << 30));
      write(out);
      write(request(encoder));
      readReplies(1);
      var again = request(encoder);
      head = new byte[again.readableBytes()];
      again.readBytes(head);
    }

    private ByteBuf request(DefaultHttp2HeadersEncoder encoder) {
      var fields =
          new DefaultHttp2Headers()
              .method("GET")
              .scheme("http")
              .path("/catalogue/shoes?page=3")
              .authority(TestPlane.HOST)
              .add("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0")
              .add("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
              .add("accept-language", "en-US,en;q=0.5")
              .add("accept-encoding", "gzip, deflate, br")
              .add("upgrade-insecure-requests", "1")
              .add("sec-fetch-dest", "document")
              .add("cache-control", "max-age=0");
      var block = Unpooled.buffer();
      try {
        encoder.encodeHeaders(nextId, fields, block);
      } catch (Http2Exception e) {
        throw new IllegalStateException(e);
      }
      var out = Unpooled.buffer();
      frame(out, HEADERS, 5, nextId, block);
      nextId += 2;
      return out;
    }

    private static void frame(ByteBuf out, int type, int flags, int id, ByteBuf payload) {
      out.writeMedium(payload.readableBytes()).writeByte(type).writeByte(flags).writeInt(id);
      out.writeBytes(payload);
    }

    private void write(ByteBuf out) throws IOException {
      var bytes = new byte[out.readableBytes()];
      out.readBytes(bytes);
      socket.getOutputStream().write(bytes);
    }

    void ask() throws IOException {
      var out = new byte[head.length * STREAMS];
      for (int i = 0; i < STREAMS; i++) {
        System.arraycopy(head, 0, out, i * head.length, head.length);
        for (int b = 0; b < 4; b++) {
          out[i * head.length + 5 + b] = (byte) (nextId >>> (24 - 8 * b));
        }
        nextId += 2;
      }
      socket.getOutputStream().write(out);
    }

    void readReplies(int count) throws IOException {
      for (int left = count; left > 0; ) {
        int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int id = in.readInt();
        in.readFully(payload, 0, length);
        if (type == SETTINGS && (flags & 1) == 0) {
          var ack = Unpooled.buffer();
          frame(ack, SETTINGS, 1, 0, Unpooled.EMPTY_BUFFER);
          write(ack);
        } else if (type > HEADERS && id != 0) {
          throw new IOException("frame " + type + " on stream " + id);
        } else if (type <= HEADERS && (flags & END_STREAM) != 0) {
          left--;
        }
      }
    }
  }

  /**
   * Prints {@code bytes per request: N}.
   *
   * @param args requests before the measurement, requests in it, and whether they are logged
   */
  public static void main(String[] args) throws Exception {
    int warmUp = Integer.parseInt(args[0]);
    int measured = Integer.parseInt(args[1]);
    var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (var backend = new RawBackend(AllocationProbe::answer);
        var plane = TestPlane.withOneLoop(new Listener("127.0.0.1", 0, false))) {
      plane.endpoints("web", List.of(backend.endpoint()));
      plane.route(new PathMatch.Prefix("/"), "web");
      plane.settings(AllocationProbe.settings(Boolean.parseBoolean(args[2])));
      var clients = new ArrayList<Client>();
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(new Client(plane.port()));
      }
      request(clients, warmUp);
      long loop = AllocationProbe.loopThread();
      long cpu = bean.getThreadCpuTime(loop);
      long least = Long.MAX_VALUE;
      int done = 0;
      for (int i = 0; i < AllocationProbe.WINDOWS; i++) {
        long before = bean.getThreadAllocatedBytes(loop);
        int count = request(clients, measured / AllocationProbe.WINDOWS);
        long allocated = bean.getThreadAllocatedBytes(loop) - before;
        least = Math.min(least, (allocated + count / 2) / count);
        done += count;
      }
      System.out.println("bytes per request: " + least);
      System.out.println("ns per request: " + (bean.getThreadCpuTime(loop) - cpu) / done);
      for (var client : clients) {
        client.socket.close();
      }
    }
  }

  private static int request(List<Client> clients, int count) {
    int done = 0;
    try {
      while (done < count) {
        for (var client : clients) {
          client.ask();
        }
        for (var client : clients) {
          client.readReplies(STREAMS);
        }
        done += CONNECTIONS * STREAMS;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return done;
  }
}
