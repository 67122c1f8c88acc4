package dev.weir.e2e.bench;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Many connections that each ask now and then, all hosts in turn; how the requests of all are
 * spread is even. A connection whose reply is late asks later: this is no open loop.
 */
final class PodLoad {
  private final int connections;
  private final double rate;
  private final Dial dial;
  private final List<byte[]> requests;
  private final Samples millis = new Samples();
  private final ConcurrentHashMap<Integer, Integer> statuses = new ConcurrentHashMap<>();

  /** Makes a connection. */
  interface Dial {
    Socket connect() throws IOException;
  }

  /**
   * @param rate requests a second of all connections together
   * @param hosts asked at random
   */
  PodLoad(int connections, double rate, Dial dial, List<String> hosts) {
    this.connections = connections;
    this.rate = rate;
    this.dial = dial;
    this.requests = hosts.stream().map(host -> KeepAliveClient.get(host, "/")).toList();
  }

  /** Asks for so long; the clients' connections close afterwards. */
  void run(int seconds) throws IOException, InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<?>>();
      long begin = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
      for (int c = 0; c < connections; c++) {
        int number = c;
        running.add(
            threads.submit(
                () -> {
                  ask(number, begin, begin + TimeUnit.SECONDS.toNanos(seconds));
                  return null;
                }));
      }
      for (var task : running) {
        task.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a connection failed", e.getCause());
    }
  }

  private void ask(int number, long begin, long end) throws IOException, InterruptedException {
    var never = new CountDownLatch(1);
    var random = new Random(number);
    long period = (long) (1e9 * connections / rate);
    long due = begin + period * number / connections;
    try (var client = new KeepAliveClient(dial.connect())) {
      while (due < end) {
        var _ = never.await(due - System.nanoTime(), TimeUnit.NANOSECONDS);
        long since = System.nanoTime();
        int status = client.exchange(requests.get(random.nextInt(requests.size())));
        note(status, (System.nanoTime() - since) / 1e6);
        due = Math.max(due + period, since);
      }
    }
  }

  private synchronized void note(int status, double took) {
    statuses.merge(status, 1, Integer::sum);
    millis.add(took);
  }

  /** Milliseconds of all replies. */
  synchronized Samples millis() {
    return millis;
  }

  /** How many replies had another status than 200, and which: {@code 3 not 200 (503: 3)}. */
  synchronized String others() {
    var others = new TreeMap<>(statuses);
    others.remove(200);
    int sum = others.values().stream().mapToInt(Integer::intValue).sum();
    var which =
        others.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining(", ", " (", ")"));
    return sum + " not 200" + (sum == 0 ? "" : which);
  }
}
