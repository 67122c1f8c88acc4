package dev.weir.e2e.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A closed loop of keep-alive connections, each with one request at a time to a random host. */
final class Load {
  private static final int CONNECTIONS = 32;

  private final List<byte[]> requests;
  private final int port;

  Load(int port, List<String> hosts) {
    this.port = port;
    this.requests = hosts.stream().map(host -> KeepAliveClient.get(host, "/")).toList();
  }

  /** What a slice of load cost. */
  record Cost(long requests, double cpuMicrosPerRequest) {}

  /**
   * Sends this many requests in all.
   *
   * @throws IllegalStateException if one is not answered 200
   */
  Cost run(Proxy proxy, int count) throws IOException, InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      double before = proxy.cpuSeconds();
      var running = new ArrayList<Future<?>>();
      for (int c = 0; c < CONNECTIONS; c++) {
        int seed = c;
        running.add(
            threads.submit(
                () -> {
                  send(seed, count / CONNECTIONS);
                  return null;
                }));
      }
      for (var task : running) {
        task.get();
      }
      double cpu = proxy.cpuSeconds() - before;
      int sent = count / CONNECTIONS * CONNECTIONS;
      return new Cost(sent, cpu * 1e6 / sent);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a request failed", e.getCause());
    }
  }

  private void send(int seed, int count) throws IOException {
    var random = new Random(seed);
    try (var client = new KeepAliveClient(port)) {
      for (int i = 0; i < count; i++) {
        int status = client.exchange(requests.get(random.nextInt(requests.size())));
        if (status != 200) {
          throw new IOException("status " + status);
        }
      }
    }
  }
}
