package dev.weir.e2e.apiserver;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Listens, also where somebody listened a moment ago: a process that another test starts meanwhile
 * holds a copy of every open socket until it becomes its program, and so keeps ports taken.
 */
public final class Listening {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private Listening() {}

  /**
   * A listening socket.
   *
   * @param address with port 0 for a free one
   * @throws IOException if the address can't be bound, for half a minute if it has a port
   */
  public static ServerSocket at(InetSocketAddress address, int backlog) throws IOException {
    long begun = System.nanoTime();
    var never = new CountDownLatch(1);
    while (true) {
      var socket = new ServerSocket();
      try {
        socket.setReuseAddress(true);
        socket.bind(address, backlog);
        return socket;
      } catch (IOException e) {
        socket.close();
        boolean mayPass = e instanceof BindException && address.getPort() != 0;
        if (!mayPass || System.nanoTime() - begun > PATIENCE_NANOS) {
          throw e;
        }
      }
      try {
        var _ = never.await(5, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("while " + address + " is taken");
      }
    }
  }
}
