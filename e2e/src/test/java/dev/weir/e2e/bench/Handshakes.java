package dev.weir.e2e.bench;

import dev.weir.e2e.wire.AnyCertificate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A closed loop of connections with TLS 1.3, one suite and one group, each for one request. Counts
 * a handshake only if it was as asked for: full or resumed.
 */
final class Handshakes {
  private final Scenario scenario;
  private final int port;
  private final boolean resumed;
  private final byte[] request;

  Handshakes(Scenario scenario, int port) {
    this.scenario = scenario;
    this.port = port;
    this.resumed = scenario.kind() == Scenario.Kind.RESUMED_HANDSHAKE;
    this.request = scenario.requests().getFirst();
  }

  /**
   * Opens connections for this time; answers how many.
   *
   * @throws IOException if a request isn't answered 200, or a handshake wasn't as asked for
   */
  long run(int seconds) throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<Long>>();
      for (int i = 0; i < scenario.connections(); i++) {
        running.add(threads.submit(() -> connectUntil(end)));
      }
      long sum = 0;
      for (var thread : running) {
        sum += thread.get();
      }
      return sum;
    } catch (ExecutionException e) {
      throw new IOException("a handshake failed", e.getCause());
    }
  }

  private long connectUntil(long end) throws IOException {
    // Tickets are used once, so each thread has sessions of its own.
    var context = AnyCertificate.context();
    long done = 0;
    long first = 0;
    while (System.nanoTime() < end) {
      long created = connect(context, resumed ? 0 : done);
      first = done == 0 ? created : first;
      // A resumed session is as old as the one that it goes back to.
      if (resumed && created != first) {
        throw new IOException("connection " + done + " did not resume the session");
      }
      done++;
    }
    return done;
  }

  /**
   * One connection with its request; answers when its session was created, in milliseconds.
   *
   * @param session sessions are only resumed under the same number
   */
  private long connect(SSLContext context, long session) throws IOException {
    try (var plain = KeepAliveClient.connected(port);
        var socket =
            (SSLSocket)
                context.getSocketFactory().createSocket(plain, "session-" + session, port, true);
        var client = new KeepAliveClient(socket)) {
      var parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(scenario.host())));
      parameters.setProtocols(new String[] {"TLSv1.3"});
      parameters.setCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"});
      parameters.setNamedGroups(new String[] {"x25519"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      if (client.exchange(request) != 200) {
        throw new IOException("not answered 200");
      }
      return socket.getSession().getCreationTime();
    }
  }
}
