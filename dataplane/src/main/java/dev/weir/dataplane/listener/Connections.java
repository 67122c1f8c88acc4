package dev.weir.dataplane.listener;

import static java.util.Objects.requireNonNull;

import dev.weir.dataplane.codec.ServerConnection;
import dev.weir.dataplane.codec.SpareHeads;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * All open client connections. Each loop has a set of its own that only it touches; the count may
 * be read from anywhere.
 */
public final class Connections {
  private final IdentityHashMap<EventExecutor, Set<ServerConnection>> byLoop =
      new IdentityHashMap<>();
  private final IdentityHashMap<EventExecutor, SpareHeads> spares = new IdentityHashMap<>();
  private final AtomicInteger open = new AtomicInteger();
  private final Object closed = new Object();

  public Connections(EventLoopGroup loops) {
    for (var loop : loops) {
      byLoop.put(loop, Collections.newSetFromMap(new IdentityHashMap<>()));
      spares.put(loop, new SpareHeads());
    }
  }

  /** Heads that connections of that loop use in turn. */
  SpareHeads spares(EventLoop loop) {
    return requireNonNull(spares.get(loop));
  }

  /** On the connection's loop. */
  void add(EventLoop loop, ServerConnection connection) {
    of(loop).add(connection);
    open.incrementAndGet();
  }

  /** On the connection's loop. */
  void remove(EventLoop loop, ServerConnection connection) {
    if (of(loop).remove(connection) && open.decrementAndGet() == 0) {
      synchronized (closed) {
        closed.notifyAll();
      }
    }
  }

  /** Number of open connections. */
  public int open() {
    return open.get();
  }

  /** Lets idle connections end, others end with their next reply. From any thread. */
  public void drain() {
    onEach(ServerConnection::drain);
  }

  /** Lets idle connections end. From any thread. */
  public void drainIdle() {
    onEach(
        connection -> {
          if (connection.isIdle()) {
            connection.drain();
          }
        });
  }

  /** Closes all. From any thread. */
  public void close() {
    onEach(ServerConnection::close);
  }

  /**
   * Waits until none is open. Not from an event loop.
   *
   * @return false if {@code limit} passed before
   */
  public boolean awaitNone(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    synchronized (closed) {
      while (open.get() > 0) {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
          return false;
        }
        closed.wait(millis);
      }
    }
    return true;
  }

  private void onEach(Consumer<ServerConnection> action) {
    byLoop.forEach(
        (loop, connections) ->
            loop.execute(
                () -> {
                  // A copy: a connection that closes removes itself.
                  for (var connection : connections.toArray(new ServerConnection[0])) {
                    action.accept(connection);
                  }
                }));
  }

  private Set<ServerConnection> of(EventLoop loop) {
    var connections = byLoop.get(loop);
    if (connections == null) {
      throw new IllegalArgumentException("connection of a loop of another group");
    }
    return connections;
  }
}
