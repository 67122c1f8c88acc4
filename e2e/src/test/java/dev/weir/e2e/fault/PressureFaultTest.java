package dev.weir.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.parallel.Isolated;

/** Memory, file descriptors or time become scarce (F16, F17, F18, F28, F33). */
@Isolated("It takes all of the machine")
class PressureFaultTest {
  private static final String ANY_NUMBER = "max-connections-per-source: \"0\"";
  private static final List<String> LITTLE_MEMORY =
      List.of("-Xms128m", "-Xmx128m", "-XX:MaxDirectMemorySize=64m");

  /** Where it counts how much is served: what watches for leaks takes most of the time. */
  private static final String UNWATCHED = "-Dio.netty.leakDetection.level=disabled";

  private static final int PER_CLIENT = 160 << 10;

  /** Of some thousands a second, on a machine that is busy with other things. */
  private static final int LEAST_SERVED = 100;

  @Fault("F16")
  void clientsThatReadSlowlyHoldLittleAndSlowNobodyElse(Injection fault) throws Exception {
    try (var readers = new SlowReaders();
        var site = Site.of(ANY_NUMBER, "", readers.backend(), Backend.echo("fast"))) {
      var weir = site.weir();
      // On a machine that is busy with other things.
      weir.log().expect("overload: ");
      assertThat(weir.get("fast.test", "/").status()).isEqualTo(200);
      double before = Metric.directMemory(weir).value();
      readers.add(weir, fault.figure());
      WeirProcess.eventually("replies", readers::stalled, count -> count == fault.figure());
      readers.awaitStall();
      assertThat(readers.stalled()).isEqualTo(fault.figure());
      fault.add(readers.stalled());
      assertThat(Metric.directMemory(weir).value() - before)
          .isLessThanOrEqualTo((double) fault.figure() * PER_CLIENT);
      Metric.level(weir, "queue_delay").await(level -> level == 0);
      try (var traffic = Traffic.of(weir, "fast.test", "GET", 4)) {
        traffic.awaitMore(fault.figure() * 5);
        traffic.finish();
        assertThat(traffic.failures()).isEmpty();
      }
      readers.sip();
      readers.awaitStall();
      assertThat(readers.stalled()).isEqualTo(fault.figure());
      readers.leave();
      Metric.sockets(weir, "endpoint").await(count -> count <= 4);
    }
  }

  @Fault("F17")
  void uploadsThatNoBackendReadsHoldLittleAndTimeOut(Injection fault) throws Exception {
    var end = new CountDownLatch(1);
    var deaf = Backend.scripted("deaf", call -> end.await());
    var settings = ANY_NUMBER + ", proxy-body-size: \"0\", proxy-send-timeout: \"3\"";
    var statuses = new ConcurrentLinkedQueue<String>();
    try (var site = Site.of(settings, "", deaf, Backend.echo("fast"))) {
      var weir = site.weir();
      try (var warming = Traffic.of(weir, "fast.test", "GET", 2)) {
        warming.awaitMore(200);
      }
      double before = Metric.directMemory(weir).value();
      double most = before;
      var uploads = new ArrayList<Thread>();
      for (int i = 0; i < fault.figure(); i++) {
        uploads.add(Thread.ofVirtual().start(() -> statuses.add(upload(weir))));
      }
      try (var traffic = Traffic.of(weir, "fast.test", "GET", 2)) {
        while (statuses.size() < fault.figure()) {
          most = Math.max(most, Metric.directMemory(weir).value());
          traffic.awaitMore(20);
        }
        traffic.finish();
        assertThat(traffic.failures()).isEmpty();
      }
      for (var upload : uploads) {
        upload.join();
      }
      assertThat(most - before).isLessThanOrEqualTo((double) fault.figure() * PER_CLIENT);
      assertThat(statuses).allMatch(status -> status.equals("504") || status.equals("cut"));
      fault.add(statuses.size());
      Metric.sockets(weir, "endpoint").await(count -> count <= 2);
    } finally {
      end.countDown();
    }
  }

  /** Sends until nobody takes any more; what came of it. */
  private static String upload(WeirProcess weir) {
    var piece = new byte[64 << 10];
    try (var wire = Wire.to(weir.http())) {
      wire.send("POST / HTTP/1.1\r\nHost: deaf.test\r\nContent-Length: 104857600\r\n\r\n");
      var reader =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 1600; i++) {
                        wire.send(piece);
                      }
                    } catch (IOException e) {
                      // Closed by the proxy, or by this client when it has its reply.
                    }
                  });
      var status = Integer.toString(wire.reply("POST").status());
      wire.hangUp();
      reader.join();
      return status;
    } catch (IOException e) {
      return "cut";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  @Fault("F18")
  void memoryPressureShedsLoadEndsNothingAndPasses(Injection fault) throws Exception {
    var settings = ANY_NUMBER + ", client-header-timeout: \"60\"";
    var bodies = new ArrayList<Wire>();
    try (var readers = new SlowReaders();
        var site = Site.of(LITTLE_MEMORY, settings, "", readers.backend(), Backend.echo("fast"));
        var early = site.wire().send("GET / HTTP/1.1\r\nHost: fast.test\r\n");
        var check = site.wire().send("GET /healthz HTTP/1.1\r\nHost: none\r\n")) {
      var weir = site.weir();
      weir.log().expect("overload: ");
      for (int i = 0; i < fault.figure(); i++) {
        bodies.add(
            Wire.to(weir.http())
                .send("POST / HTTP/1.1\r\nHost: fast.test\r\nContent-Length: 1000\r\n\r\nslow"));
      }
      var level = Metric.level(weir, "direct_memory");
      while (level.value() < 3) {
        assertThat(readers.count()).isLessThan(4_000);
        readers.add(weir, 10);
        WeirProcess.eventually(
            "replies or refusals",
            readers::stalled,
            count -> count == readers.count() || level.value() >= 3);
      }
      fault.add(bodies.size() + readers.stalled());
      // Heads that had begun are judged when they are whole, whether or not anybody is accepted.
      var refused = early.send("\r\n").reply();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.field("retry-after")).isNotNull();
      assertThat(check.send("\r\n").reply().status()).isEqualTo(200);
      assertThat(weir.admin("/healthz").status()).isEqualTo(200);
      readers.leave();
      for (var body : bodies) {
        body.close();
      }
      level.await(now -> now == 0);
      Metric.level(weir, "heap").await(now -> now == 0);
      for (int i = 0; i < 100; i++) {
        assertThat(weir.get("fast.test", "/").status()).isEqualTo(200);
      }
      assertThat(weir.log().lines("OutOf")).isEmpty();
    }
  }

  /** The figure is seconds; by hand there are as many slow bodies as F18 asks for, besides. */
  @Fault("F18-goodput")
  void anOverloadInLittleMemoryCostsThoseWhoAreServedLittle(Injection fault) throws Exception {
    var settings = ANY_NUMBER + ", client-header-timeout: \"60\"";
    int slow = FaultList.isFull() ? 2_000 : 100;
    var options = new ArrayList<>(LITTLE_MEMORY);
    options.add(UNWATCHED);
    // All that comes of two thousand bodies in ten minutes is more than the tests' own heap.
    var sink = Backend.scripted("sink", Script.forgetting());
    try (var site = Site.of(options, settings, "", Backend.echo("fast"), sink);
        var bodies = new SlowBodies(site.weir(), "sink.test")) {
      var weir = site.weir();
      weir.log().expect("overload: ");
      weir.log().forgetRequests();
      var few = new Crowd(weir, "fast.test", 32);
      few.start();
      WeirProcess.eventually("served", few::served, count -> count >= 5_000);
      double most = few.goodputOf(Math.min(30, fault.figure()));
      few.finish();
      var crowd = new Crowd(weir, "fast.test", 160);
      try {
        bodies.start(slow);
        crowd.start();
        double loaded = crowd.goodputOf(fault.figure());
        System.out.printf("fault F18: %s; %s%n", crowd.summary(), share(loaded, most));
        assertThat(crowd.served()).isGreaterThanOrEqualTo(LEAST_SERVED);
        if (FaultList.isFull()) {
          assertThat(loaded / most).as("goodput").isGreaterThanOrEqualTo(0.9);
        }
      } finally {
        crowd.finish();
      }
      fault.add(crowd.served() + (long) crowd.shed());
      assertThat(crowd.failures()).noneMatch(failure -> failure.startsWith("status"));
      // Once each at most: a connection may end just when its client asks again.
      assertThat(crowd.failures()).hasSizeLessThanOrEqualTo(160);
      bodies.leave();
      long since = System.nanoTime();
      for (var signal : new String[] {"heap", "direct_memory", "queue_delay"}) {
        Metric.level(weir, signal).await(level -> level == 0);
      }
      var recovery = Duration.ofNanos(System.nanoTime() - since);
      System.out.printf("fault F18: normal after %d ms%n", recovery.toMillis());
      if (FaultList.isFull()) {
        assertThat(recovery).isLessThanOrEqualTo(Duration.ofSeconds(10));
      }
      assertThat(weir.get("fast.test", "/").status()).isEqualTo(200);
      assertThat(weir.log().lines("OutOf")).isEmpty();
    }
  }

  private static String share(double goodput, double most) {
    return "%.0f served a second, %.0f %% of %.0f".formatted(goodput, 100 * goodput / most, most);
  }

  @Fault("F28")
  void manyClientsNeverTakeTheLastFileDescriptor(Injection fault) throws Exception {
    var few = List.of("sh", "-c", "ulimit -n 512; exec \"$@\"", "few-descriptors");
    var clients = new ArrayList<Socket>();
    try (var cluster = new Cluster();
        var shop = Backend.echo("shop")) {
      cluster.api().apply(Objects.service(shop) + Objects.ingress("shop", "shop.test", "shop"));
      cluster.api().apply(Objects.configMap(ANY_NUMBER));
      try (var weir =
          WeirProcess.runUnder(few, List.of(), cluster.flag(), "--configmap=default/weir")) {
        weir.log().expect("overload: ");
        for (int i = 0; i < fault.figure(); i++) {
          clients.add(new Socket(weir.http().getAddress(), weir.http().getPort()));
        }
        Metric.level(weir, "descriptors").await(level -> level == 4);
        double cpu = cpu(weir);
        System.out.printf("fault F28: %.0f %% of a CPU while clients wait%n", 100 * cpu);
        if (FaultList.isFull()) {
          assertThat(cpu).isLessThanOrEqualTo(0.2);
        }
        int limit = (int) new Metric(weir, "weir_client_sockets_limit").value();
        assertThat(Metric.sockets(weir, "client").value()).isLessThanOrEqualTo(limit);
        fault.add(fault.figure() - limit);
        // The watch is alive, and so is the admin port.
        cluster.api().apply(Objects.ingress("late", "late.test", "shop"));
        weir.awaitRoutes(text -> text.contains("late.test"));
        for (var client : clients) {
          client.close();
        }
        long since = System.nanoTime();
        weir.awaitStatus("late.test", "/", 200);
        if (FaultList.isFull()) {
          var recovery = Duration.ofNanos(System.nanoTime() - since);
          assertThat(recovery).isLessThanOrEqualTo(Duration.ofSeconds(2));
        }
        Metric.level(weir, "descriptors").await(level -> level == 0);
        assertThat(weir.log().lines("Too many open files")).isEmpty();
      }
    } finally {
      for (var client : clients) {
        client.close();
      }
    }
  }

  /** What the program spends while clients wait that it can't accept, as a part of a CPU. */
  private static double cpu(WeirProcess weir) throws InterruptedException {
    int seconds = FaultList.isFull() ? 10 : 1;
    var process = ProcessHandle.of(weir.pid()).orElseThrow();
    var before = process.info().totalCpuDuration().orElseThrow();
    var _ = new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
    var spent = process.info().totalCpuDuration().orElseThrow().minus(before);
    return spent.toMillis() / (1000.0 * seconds);
  }

  /**
   * Whether anything has to be shed depends on how fast the clients are beside the proxy; that it
   * is shed where tasks wait for long is shown in the data plane, where the loops are kept busy.
   */
  @Fault("F33")
  void aStarvedProxyServesWhomItCanInTimeAndIsWellAgain(Injection fault) throws Exception {
    try (var site = Site.of(List.of(UNWATCHED), ANY_NUMBER, "", Backend.echo("fast"))) {
      var weir = site.weir();
      weir.log().expect("overload: ");
      weir.log().forgetRequests();
      assertThat(weir.get("fast.test", "/").status()).isEqualTo(200);
      var few = new Crowd(weir, "fast.test", 16);
      few.start();
      // Else most of the short time goes into the first use of everything.
      WeirProcess.eventually("served", few::served, count -> count >= 5_000);
      var crowd = new Crowd(weir, "fast.test", 400);
      try (var starvation = Starvation.of(weir.pid(), 20)) {
        System.out.println("fault F33: starved by " + starvation.means());
        double most = few.goodputOf(FaultList.isFull() ? 30 : 2);
        few.finish();
        crowd.start();
        crowd.awaitAll();
        int before = starvation.periods();
        crowd.begin();
        Awaitility.await("periods without a CPU")
            .atMost(Duration.ofMinutes(10))
            .until(() -> starvation.periods() - before >= fault.figure());
        double loaded = crowd.goodput();
        System.out.printf("fault F33: %s; %s%n", crowd.summary(), share(loaded, most));
        fault.add(starvation.periods() - before);
        assertThat(crowd.served()).isGreaterThanOrEqualTo(LEAST_SERVED);
        if (FaultList.isFull()) {
          assertThat(loaded / most).as("goodput").isGreaterThanOrEqualTo(0.85);
          assertThat(crowd.p99()).as("ms").isLessThanOrEqualTo(1000);
        }
      } finally {
        few.finish();
        crowd.finish();
      }
      assertThat(crowd.failures()).isEmpty();
      Metric.level(weir, "queue_delay").await(level -> level == 0);
      var later = new AtomicInteger();
      WeirProcess.eventually(
          "a hundred in a row",
          () -> weir.get("fast.test", "/").status() == 200 ? later.incrementAndGet() : 0,
          count -> count >= 100);
    }
  }
}
