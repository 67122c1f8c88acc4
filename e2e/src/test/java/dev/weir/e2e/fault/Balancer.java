package dev.weir.e2e.fault;

import dev.weir.e2e.fault.Replicas.Replica;
import dev.weir.e2e.harness.WeirProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A port in front of replicas that leads each new connection to the next one in rotation and knows
 * nothing of what is said on it: every end, by FIN or by reset, is passed on as it is, and a
 * connection that its replica refuses is closed.
 *
 * <p>Thread rule: threads of its own; counts may be read from any.
 */
final class Balancer implements AutoCloseable {
  private static final int BACKLOG = 512;

  private final ServerSocket listener;
  private final Replicas replicas;
  private final Function<WeirProcess, InetSocketAddress> port;
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger late = new AtomicInteger();
  private final Map<Replica, AtomicInteger> open = new ConcurrentHashMap<>();

  private Balancer(
      ServerSocket listener, Replicas replicas, Function<WeirProcess, InetSocketAddress> port) {
    this.listener = listener;
    this.replicas = replicas;
    this.port = port;
  }

  /** A new port that leads to this port of the replicas. */
  static Balancer of(Replicas replicas, Function<WeirProcess, InetSocketAddress> port) {
    try {
      var listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
      var balancer = new Balancer(listener, replicas, port);
      Thread.ofVirtual().start(balancer::accept);
      return balancer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /** Connections that lead to this replica now. */
  int open(Replica replica) {
    return counter(replica).get();
  }

  /** Connections that went to a replica that had said already that it isn't ready. */
  int late() {
    return late.get();
  }

  private AtomicInteger counter(Replica replica) {
    return open.computeIfAbsent(replica, any -> new AtomicInteger());
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        Thread.ofVirtual().start(() -> connect(client));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void connect(Socket client) {
    var rotation = replicas.inRotation();
    if (rotation.isEmpty()) {
      reset(client);
      return;
    }
    var replica = rotation.get(Math.floorMod(turn.getAndIncrement(), rotation.size()));
    if (!replica.ready()) {
      late.incrementAndGet();
    }
    var server = new Socket();
    counter(replica).incrementAndGet();
    try (client;
        server) {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      server.connect(port.apply(replica.program()));
      var back = Thread.ofVirtual().start(() -> pump(server, client));
      pump(client, server);
      back.join();
    } catch (IOException e) {
      reset(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      counter(replica).decrementAndGet();
    }
  }

  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      reset(from);
      reset(to);
    }
  }

  private static void reset(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // Closed already.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
