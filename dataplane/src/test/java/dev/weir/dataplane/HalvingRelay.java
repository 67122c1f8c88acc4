package dev.weir.dataplane;

import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.model.Endpoint;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a backend of TLS and passes large records of it on in two halves. */
final class HalvingRelay implements AutoCloseable {
  private static final int HEAD = 5;

  /** None of a handshake is as large. */
  private static final int LARGE = 8 * 1024;

  private final ServerSocket server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
  private final InetSocketAddress backend;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger halves = new AtomicInteger();
  private final CountDownLatch rest = new CountDownLatch(1);

  HalvingRelay(Endpoint backend) throws IOException {
    this.backend = new InetSocketAddress(backend.ip(), backend.port());
    Thread.ofVirtual().start(this::accept);
  }

  Endpoint endpoint() {
    return new Endpoint("127.0.0.1", server.getLocalPort(), "", "", false);
  }

  /** Until so many first halves were passed on. */
  void awaitHalves(int count) {
    await().until(() -> halves.get() >= count);
  }

  /** From now on the second halves follow. */
  HalvingRelay passAll() {
    rest.countDown();
    return this;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var client = server.accept();
        var target = new Socket();
        open.add(client);
        open.add(target);
        client.setTcpNoDelay(true);
        target.setTcpNoDelay(true);
        target.connect(backend);
        Thread.ofVirtual().start(() -> pass(client, target));
        Thread.ofVirtual().start(() -> passRecords(target, client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One of them has left, or the test is over.
      return;
    }
  }

  private void passRecords(Socket from, Socket to) {
    try (from;
        to) {
      var in = new DataInputStream(from.getInputStream());
      var out = to.getOutputStream();
      for (var head = in.readNBytes(HEAD); head.length == HEAD; head = in.readNBytes(HEAD)) {
        int length = Short.toUnsignedInt(ByteBuffer.wrap(head).getShort(HEAD - 2));
        var record =
            ByteBuffer.allocate(HEAD + length).put(head).put(in.readNBytes(length)).array();
        int first = length < LARGE ? record.length : record.length / 2;
        out.write(record, 0, first);
        if (first < record.length) {
          halves.incrementAndGet();
          rest.await();
          out.write(record, first, record.length - first);
        }
      }
    } catch (IOException | InterruptedException e) {
      // One of them has left, or the test is over.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : open) {
      socket.close();
    }
  }
}
