package dev.weir.e2e.backend;

import dev.weir.e2e.apiserver.Listening;
import dev.weir.e2e.wire.Head;
import dev.weir.e2e.wire.MessageReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server that plays one pod. */
public final class Backend implements AutoCloseable {
  private static final int KEPT_HEADS = 1000;

  private final String name;
  private final Script script;
  private final @Nullable Security security;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger idleCloses = new AtomicInteger();
  private final Set<Socket> busy = ConcurrentHashMap.newKeySet();
  private final Thread acceptor;
  private volatile boolean draining;
  private final ConcurrentLinkedQueue<Head> heads = new ConcurrentLinkedQueue<>();

  private Backend(String name, Script script, @Nullable Security security, ServerSocket listener) {
    this.name = name;
    this.script = script;
    this.security = security;
    this.listener = listener;
    this.acceptor = Thread.ofVirtual().name("backend-" + name).unstarted(this::accept);
  }

  /**
   * A listening backend.
   *
   * @param port 0 for a free one
   * @throws IOException if the address can't be bound
   */
  public static Backend listen(String name, Script script, String address, int port)
      throws IOException {
    return listen(name, script, null, address, port);
  }

  /**
   * A listening backend.
   *
   * @param security null for one that speaks plain HTTP
   * @param port 0 for a free one
   * @throws IOException if the address can't be bound
   */
  public static Backend listen(
      String name, Script script, @Nullable Security security, String address, int port)
      throws IOException {
    var socket = Listening.at(new InetSocketAddress(InetAddress.getByName(address), port), 512);
    var backend = new Backend(name, script, security, socket);
    backend.acceptor.start();
    return backend;
  }

  /** A backend on a free port of 127.0.0.1 that sends back what it received. */
  public static Backend echo(String name) {
    return scripted(name, Script.echo());
  }

  /** A backend on a free port of 127.0.0.1. */
  public static Backend scripted(String name, Script script) {
    try {
      return listen(name, script, "127.0.0.1", 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String name() {
    return name;
  }

  /** Its IP address. */
  public String address() {
    return listener.getInetAddress().getHostAddress();
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** How many connections it accepted. */
  public int connections() {
    return connections.get();
  }

  /** How many connections are open. */
  public int openConnections() {
    return open.size();
  }

  /** How many requests it received. */
  public int requests() {
    return requests.get();
  }

  /** How many connections it closed because they were idle for longer than a script allowed. */
  public int idleCloses() {
    return idleCloses.get();
  }

  /** The heads of the first 1000 requests, in the order of their arrival. */
  public List<Head> heads() {
    return List.copyOf(heads);
  }

  /** Closes all open connections; goes on listening. */
  public void dropConnections() {
    open.forEach(Backend::closeQuietly);
  }

  /** Ends as a server does that is asked to: no new connections, and none stays after a reply. */
  public void drain() {
    closeListener();
    draining = true;
    open.stream().filter(socket -> !busy.contains(socket)).forEach(Backend::closeQuietly);
  }

  @Override
  public void close() {
    closeListener();
    dropConnections();
  }

  private void closeListener() {
    try {
      listener.close();
      // The port is free when the thread that accepts has let go of it.
      acceptor.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        connections.incrementAndGet();
        open.add(socket);
        if (listener.isClosed()) {
          closeQuietly(socket);
        }
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        // Closed, or a peer that was gone at once.
      }
    }
  }

  private void serve(Socket wire) {
    try (wire;
        var socket = security == null ? wire : security.on(wire)) {
      wire.setTcpNoDelay(true);
      var reader = new MessageReader(socket.getInputStream());
      for (var head = reader.head(); head != null; head = reader.head()) {
        busy.add(wire);
        if (requests.incrementAndGet() <= KEPT_HEADS) {
          heads.add(head);
        }
        var body = reader.requestBody(head);
        script.serve(new Script.Call(this, head, body, socket, wire));
        if (socket.isClosed() || wire.isClosed()) {
          return;
        }
        body.transferTo(OutputStream.nullOutputStream());
        busy.remove(wire);
        if (draining) {
          return;
        }
      }
    } catch (SocketTimeoutException e) {
      idleCloses.incrementAndGet();
    } catch (IOException | InterruptedException e) {
      // The peer or the script ended the connection; tests look at counts and replies.
    } finally {
      open.remove(wire);
      busy.remove(wire);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Closed all the same.
    }
  }
}
