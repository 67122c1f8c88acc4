package dev.weir.e2e.cases;

import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.AnyCertificate;
import dev.weir.e2e.wire.Reply;
import dev.weir.e2e.wire.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Sends a case's requests. */
final class Client implements AutoCloseable {
  /**
   * What came of a request.
   *
   * @param reply null if the connection was closed without one
   * @param closed whether the server closed after it; false if nobody waited for that
   * @param tls what TLS came to, by name
   */
  record Outcome(@Nullable Reply reply, boolean closed, Map<String, String> tls) {
    int status() {
      return reply == null ? Expect.NO_REPLY : reply.status();
    }
  }

  private final WeirProcess weir;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, CompletableFuture<Outcome>> begun = new HashMap<>();
  private final SSLContext sessions = AnyCertificate.context();
  private @Nullable Wire kept;
  private @Nullable Http2Connection keptHttp2;

  Client(WeirProcess weir) {
    this.weir = weir;
  }

  /** Sends without waiting for the reply. */
  void begin(Step.Request request) {
    begun.put(
        request.times().begin(),
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return once(request);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            threads));
  }

  /** Waits for the reply to a request that was begun. */
  Outcome finish(String name) throws ExecutionException, InterruptedException {
    var future = begun.get(name);
    if (future == null) {
      throw new IllegalArgumentException("nothing was begun as " + name);
    }
    return future.get();
  }

  /**
   * All outcomes of a request.
   *
   * @param open called when {@code after} parallel ones have their replies
   */
  List<Outcome> send(Step.Request request, Runnable open)
      throws IOException, InterruptedException, ExecutionException {
    var times = request.times();
    var outcomes = new ArrayList<Outcome>();
    for (int i = 0; i < times.repeat(); i++) {
      if (times.parallel() == 1) {
        outcomes.add(once(request));
      } else {
        outcomes.addAll(parallel(request, open));
      }
    }
    return outcomes;
  }

  private List<Outcome> parallel(Step.Request request, Runnable open)
      throws InterruptedException, ExecutionException {
    var running = new ExecutorCompletionService<Outcome>(threads);
    int count = request.times().parallel();
    for (int i = 0; i < count; i++) {
      running.submit(() -> once(request));
    }
    var outcomes = new ArrayList<Outcome>();
    while (outcomes.size() < count) {
      if (outcomes.size() == request.times().after()) {
        open.run();
      }
      outcomes.add(running.take().get());
    }
    return outcomes;
  }

  private Outcome once(Step.Request request) throws IOException {
    return Http2Connection.isWanted(request) ? onceByHttp2(request) : onceByHttp1(request);
  }

  private Outcome onceByHttp2(Step.Request request) throws IOException {
    boolean keep = request.times().keep();
    var connection = keep ? keptHttp2 : null;
    if (connection == null) {
      var dial = request.dial();
      connection =
          request.scheme().equals("https")
              ? Http2Connection.onTls(
                  Wire.speaking(weir.https(), dial.serverName(), Http2Connection.offered()))
              : Http2Connection.on(Wire.dial(weir.http(), false, dial, sessions));
    }
    keptHttp2 = keep ? connection : keptHttp2;
    try {
      return connection.send(request);
    } finally {
      if (!keep) {
        connection.close();
      }
    }
  }

  private Outcome onceByHttp1(Step.Request request) throws IOException {
    boolean keep = request.times().keep();
    var wire = keep ? kept : null;
    if (wire == null) {
      boolean tls = request.scheme().equals("https");
      try {
        // The JDK resumes what it remembers, under the name that it asked for then.
        var context = request.dial().session().isEmpty() ? AnyCertificate.context() : sessions;
        wire = Wire.dial(tls ? weir.https() : weir.http(), tls, request.dial(), context);
      } catch (SSLException e) {
        return new Outcome(null, true, Map.of("alert", String.valueOf(e.getMessage())));
      }
    }
    kept = keep ? wire : kept;
    try {
      send(wire, request);
      return new Outcome(
          finalReply(wire, request.method()),
          request.expect().closed() && wire.isClosedByPeer(),
          wire.security());
    } finally {
      if (!keep) {
        wire.close();
      }
    }
  }

  /** Who answers early may close before everything is sent. */
  private static void send(Wire wire, Step.Request request) throws IOException {
    try {
      wire.send(request.bytes());
    } catch (SocketException e) {
      if (request.expect().statuses().containsKey(200)) {
        throw e;
      }
    }
  }

  private static @Nullable Reply finalReply(Wire wire, String method) throws IOException {
    try {
      var reply = wire.reply(method);
      while (reply.status() < 200 && reply.status() != 101) {
        reply = wire.reply(method);
      }
      return reply;
    } catch (EOFException | SocketException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    threads.shutdownNow();
    if (kept != null) {
      kept.close();
    }
    if (keptHttp2 != null) {
      keptHttp2.close();
    }
  }
}
