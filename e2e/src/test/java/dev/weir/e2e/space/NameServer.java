package dev.weir.e2e.space;

import dev.weir.e2e.harness.Commands;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A name server on UDP (RFC 1035), as good or bad as a test wants it for each name; names that it
 * doesn't know don't exist. Knows addresses of IPv4 only.
 */
final class NameServer implements AutoCloseable {
  private static final int HEAD = 12;
  private static final int TYPE_A = 1;
  private static final int CLASS_IN = 1;
  private static final int SERVER_FAILURE = 2;
  private static final int NO_SUCH_NAME = 3;

  /** What a name is answered. */
  sealed interface Answer {
    /** These addresses, for so many seconds. */
    record Addresses(int ttl, List<String> ips) implements Answer {}

    /** That something is wrong. */
    record Failure() implements Answer {}

    /** Nothing. */
    record Silence() implements Answer {}
  }

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> asked = new ConcurrentHashMap<>();
  private final DatagramSocket socket;

  /** Answers on port 53 of an address. */
  NameServer(String address) throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(address, 53));
    Thread.ofVirtual().name("name-server").start(this::serve);
  }

  void put(String name, Answer answer) {
    answers.put(name, answer);
  }

  /** How often a name was asked for, by either type of address. */
  long asked(String name) {
    return asked.getOrDefault(name, new AtomicLong()).get();
  }

  private void serve() {
    while (!socket.isClosed()) {
      var query = new DatagramPacket(new byte[1500], 1500);
      try {
        socket.receive(query);
        var reply = reply(ByteBuffer.wrap(query.getData(), 0, query.getLength()));
        if (reply.length > 0) {
          socket.send(new DatagramPacket(reply, reply.length, query.getSocketAddress()));
        }
      } catch (IOException e) {
        // Closed, or a client that is gone.
      }
    }
  }

  private byte[] reply(ByteBuffer query) throws IOException {
    query.position(HEAD);
    var labels = new ArrayList<String>();
    for (int length = query.get(); length > 0; length = query.get()) {
      var label = new byte[length];
      query.get(label);
      labels.add(new String(label, StandardCharsets.US_ASCII));
    }
    int type = query.getShort();
    query.getShort();
    var name = String.join(".", labels);
    asked.computeIfAbsent(name, n -> new AtomicLong()).incrementAndGet();
    var question = new byte[query.position() - HEAD];
    query.get(HEAD, question);
    short id = query.getShort(0);
    return switch (answers.get(name)) {
      case null -> message(id, NO_SUCH_NAME, question, 0, List.of());
      case Answer.Failure failure -> message(id, SERVER_FAILURE, question, 0, List.of());
      case Answer.Silence silence -> new byte[0];
      case Answer.Addresses(var ttl, var ips) ->
          message(id, 0, question, ttl, type == TYPE_A ? ips : List.of());
    };
  }

  private static byte[] message(int id, int code, byte[] question, int ttl, List<String> ips)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeShort(id);
    out.writeShort(0x8180 | code); // an answer, recursion available
    out.writeShort(1);
    out.writeShort(ips.size());
    out.writeInt(0);
    out.write(question);
    for (var ip : ips) {
      out.writeShort(0xC000 | HEAD); // the question's name
      out.writeShort(TYPE_A);
      out.writeShort(CLASS_IN);
      out.writeInt(ttl);
      var address = InetAddress.ofLiteral(ip).getAddress();
      out.writeShort(address.length);
      out.write(address);
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    socket.close();
  }

  /** Makes a server on an address the one that programs of this mount namespace ask. */
  static void use(String address) {
    try {
      var file = Files.createTempFile("weir-", ".conf");
      file.toFile().deleteOnExit();
      Files.writeString(file, "nameserver " + address + "\n");
      Commands.run("mount", "--bind", file.toString(), "/etc/resolv.conf");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
