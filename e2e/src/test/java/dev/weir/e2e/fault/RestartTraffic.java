package dev.weir.e2e.fault;

import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.http2.Http2Wire;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients of every kind behind balancers, which leave a connection when its server asks them to and
 * never ask anything twice.
 *
 * <p>Thread rule: a virtual thread for each client; counts may be read from any thread.
 */
final class RestartTraffic implements AutoCloseable {
  private static final String HOST = "shop.test";
  private static final int EACH = 3;
  private static final int SHORT = 20;
  private static final int STREAMS = 4;

  private final Balancer plain;
  private final Balancer tls;
  private final Balancer tunnels;
  private final Map<Kind, AtomicInteger> answered = new EnumMap<>(Kind.class);
  private final Map<Kind, AtomicInteger> left = new EnumMap<>(Kind.class);
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean enough = new AtomicBoolean();
  private final AtomicInteger generation = new AtomicInteger();
  private final List<Thread> clients = new ArrayList<>();

  /** How clients speak. */
  enum Kind {
    /** HTTP/1.1 on one connection for as long as the server keeps it. */
    KEPT,
    /** HTTP/1.1 over TLS on connections that carry a few requests. */
    SHORT_LIVED,
    /** HTTP/2, some streams at a time. */
    HTTP_2,
    /** The same over TLS. */
    HTTP_2_TLS,
    /** WebSockets that end when they are told to. */
    TUNNEL
  }

  /** One connection's life. */
  private interface Connection {
    void live() throws IOException;
  }

  private RestartTraffic(Balancer plain, Balancer tls, Balancer tunnels) {
    this.plain = plain;
    this.tls = tls;
    this.tunnels = tunnels;
    for (var kind : Kind.values()) {
      answered.put(kind, new AtomicInteger());
      left.put(kind, new AtomicInteger());
    }
  }

  /** Begins. */
  static RestartTraffic over(Balancer plain, Balancer tls, Balancer tunnels) {
    var traffic = new RestartTraffic(plain, tls, tunnels);
    for (int i = 0; i < EACH; i++) {
      for (var kind : Kind.values()) {
        traffic.clients.add(Thread.ofVirtual().start(() -> traffic.run(kind)));
      }
    }
    return traffic;
  }

  private void run(Kind kind) {
    Connection connection =
        switch (kind) {
          case KEPT -> this::keep;
          case SHORT_LIVED -> this::ask;
          case HTTP_2 -> this::ask2;
          case HTTP_2_TLS -> this::ask2Tls;
          case TUNNEL -> this::talk;
        };
    while (!enough.get()) {
      try {
        connection.live();
      } catch (IOException e) {
        failures.add(kind + ": " + e);
      }
    }
  }

  private void keep() throws IOException {
    try (var wire = Wire.to(plain.address())) {
      while (!enough.get()) {
        if (!once(wire, Kind.KEPT)) {
          return;
        }
      }
    }
  }

  private void ask() throws IOException {
    try (var wire = Wire.tls(tls.address(), HOST)) {
      for (int i = 0; i < SHORT && !enough.get(); i++) {
        if (!once(wire, Kind.SHORT_LIVED)) {
          return;
        }
      }
    }
  }

  /** False if the reply was the connection's last, as it said itself. */
  private boolean once(Wire wire, Kind kind) throws IOException {
    int number = count(kind);
    wire.send(Traffic.request(number % 2 == 0 ? "GET" : "POST", HOST, number));
    var reply = wire.reply();
    note(kind, reply.status());
    boolean last = "close".equals(reply.field("connection"));
    if (last) {
      leave(kind);
    }
    return !last;
  }

  private void ask2() throws IOException {
    try (var wire = Http2Wire.to(plain.address())) {
      streams(wire, Kind.HTTP_2);
    }
  }

  private void ask2Tls() throws IOException {
    try (var wire = Http2Wire.tls(tls.address(), HOST)) {
      streams(wire, Kind.HTTP_2_TLS);
    }
  }

  private void streams(Http2Wire wire, Kind kind) throws IOException {
    while (wire.goAway() == null && !enough.get()) {
      var begun = new int[STREAMS];
      for (int i = 0; i < STREAMS; i++) {
        begun[i] = wire.begin(HOST, "/" + i);
      }
      for (int stream : begun) {
        note(kind, wire.reply(stream).status());
      }
    }
    if (wire.goAway() != null) {
      leave(kind);
    }
  }

  private void talk() throws IOException {
    int born = generation.get();
    try (var tunnel = Tunnel.open(tunnels.address())) {
      while (generation.get() == born && !enough.get()) {
        var text = "word " + count(Kind.TUNNEL);
        tunnel.say(text);
        var heard = tunnel.hear();
        note(Kind.TUNNEL, heard.equals(text) ? 200 : 0);
      }
    }
    leave(Kind.TUNNEL);
  }

  private void note(Kind kind, int status) {
    if (status == 200) {
      counter(answered, kind).incrementAndGet();
    } else {
      failures.add(kind + ": status " + status);
    }
  }

  private int count(Kind kind) {
    return counter(answered, kind).get();
  }

  private void leave(Kind kind) {
    counter(left, kind).incrementAndGet();
  }

  private static AtomicInteger counter(Map<Kind, AtomicInteger> of, Kind kind) {
    return Objects.requireNonNull(of.get(kind));
  }

  /** Requests of that kind that were answered with 200, texts that came back. */
  int answered(Kind kind) {
    return count(kind);
  }

  /** Connections of that kind that were left because the server asked for it, or were told to. */
  int left(Kind kind) {
    return counter(left, kind).get();
  }

  /** Everything that was not answered as it should be. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Waits until so many more of every kind were answered. */
  void awaitMore(int count) {
    for (var kind : Kind.values()) {
      awaitMore(kind, count);
    }
  }

  /** Waits until so many more of that kind were answered. */
  void awaitMore(Kind kind, int count) {
    int goal = count(kind) + count;
    WeirProcess.eventually(kind + "'s traffic", () -> count(kind), now -> now >= goal);
  }

  /** Has every WebSocket end and a new one take its place. */
  void renewTunnels() {
    generation.incrementAndGet();
  }

  /** Lets every client finish what it asked for last. */
  void finish() {
    enough.set(true);
    for (var client : clients) {
      try {
        client.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    finish();
  }
}
