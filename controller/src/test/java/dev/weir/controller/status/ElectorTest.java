package dev.weir.controller.status;

import static dev.weir.controller.status.Cluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.source.ApiCalls;
import dev.weir.controller.source.ApiServerAccess;
import dev.weir.controller.source.ApiServerOptions;
import dev.weir.controller.status.ReportSettings.Election;
import dev.weir.controller.status.ReportSettings.Pod;
import dev.weir.e2e.apiserver.FakeApiServer;
import dev.weir.e2e.apiserver.Faults;
import dev.weir.testsupport.Seed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("Its Leases last a second, so neighbours would cost it some")
class ElectorTest {
  private static final Duration TTL = Duration.ofSeconds(1);

  @TempDir private Path folder;
  private final FakeApiServer server = FakeApiServer.started();
  private final List<Candidate> candidates = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (var candidate : candidates) {
      candidate.end();
    }
    server.close();
  }

  private final class Candidate {
    private final ApiServerAccess access;
    private final ApiCalls calls;
    private final Elector elector;
    private final AtomicInteger changes = new AtomicInteger();
    private @Nullable Thread thread;

    Candidate(String name, InstantSource clock, LongSupplier nanos) throws Exception {
      var file = Files.writeString(folder.resolve(name), server.kubeconfig(name));
      access = ApiServerAccess.open(ApiServerOptions.of(file.toString()));
      calls = new ApiCalls(access, Elector.bound(TTL));
      elector =
          new Elector(
              calls,
              new Pod("ingress", name),
              new Election(true, "leader", TTL),
              clock,
              nanos,
              changes::incrementAndGet);
    }

    Candidate run() {
      thread = Thread.ofVirtual().start(elector);
      return this;
    }

    void stop() throws InterruptedException {
      if (thread != null) {
        thread.interrupt();
        thread.join();
      }
    }

    void end() throws InterruptedException {
      stop();
      calls.close();
      access.close();
    }
  }

  private Candidate candidate(String name) throws Exception {
    return candidate(name, InstantSource.system());
  }

  private Candidate candidate(String name, InstantSource clock) throws Exception {
    return candidate(name, clock, System::nanoTime);
  }

  private Candidate candidate(String name, InstantSource clock, LongSupplier nanos)
      throws Exception {
    var candidate = new Candidate(name, clock, nanos);
    candidates.add(candidate);
    return candidate;
  }

  private String holder() {
    var lease = server.get("leases", "ingress", "leader");
    return lease == null ? "nobody" : lease.at("/spec/holderIdentity").asText("");
  }

  @Test
  void theFirstOneMakesTheLeaseAndTheSecondOneWaits() throws Exception {
    var a = candidate("a").run();
    until(a.elector::leads);
    var b = candidate("b").run();
    until(b.elector::decided);
    int renewals = server.count("update", "leases");
    until(() -> server.count("update", "leases") > renewals + 3);
    assertThat(b.elector.leads()).isFalse();
    assertThat(a.elector.leads()).isTrue();
    var spec = Objects.requireNonNull(server.get("leases", "ingress", "leader")).path("spec");
    assertThat(spec.path("holderIdentity").asText()).isEqualTo("a");
    assertThat(spec.path("leaseDurationSeconds").asInt()).isEqualTo(1);
    assertThat(spec.path("leaseTransitions").asInt()).isZero();
    assertThat(spec.path("renewTime").asText()).matches("\\d{4}-\\d\\d-\\d\\dT[\\d:]{8}\\.\\d{6}Z");
    assertThat(server.count("patch", "leases") + server.count("watch", "leases")).isZero();
  }

  @Test
  void aLeaseThatIsGivenBackIsTakenByTheOther() throws Exception {
    var a = candidate("a").run();
    until(a.elector::leads);
    var b = candidate("b").run();
    until(b.elector::decided);
    a.stop();
    a.elector.release();
    assertThat(a.elector.leads()).isFalse();
    until(b.elector::leads);
    assertThat(holder()).isEqualTo("b");
    assertThat(a.changes).hasValue(2);
    var lease = Objects.requireNonNull(server.get("leases", "ingress", "leader"));
    assertThat(lease.at("/spec/leaseTransitions").asInt()).isEqualTo(1);
  }

  @Test
  void aLeaseThatIsNotRenewedEndsForItsHolderBeforeAnotherTakesIt() throws Exception {
    var a = candidate("a").run();
    until(a.elector::leads);
    var b = candidate("b").run();
    until(b.elector::decided);
    a.stop();
    until(
        () -> {
          boolean second = b.elector.leads();
          assertThat(second && a.elector.leads()).as("two leaders").isFalse();
          return second;
        });
  }

  @Test
  void aRestartUnderTheSameNameLeadsAtOnce() throws Exception {
    var a = candidate("a").run();
    until(a.elector::leads);
    a.stop();
    var again = candidate("a").run();
    until(again.elector::leads);
    assertThat(server.count("create", "leases")).isEqualTo(1);
  }

  @Test
  void aLeaseThatSomebodyRewroteOrDeletedIsNoticedBeforeTheNextWrite() throws Exception {
    var a = candidate("a").run();
    until(a.elector::leads);
    a.stop();
    assertThat(a.elector.confirm()).isTrue();
    server.apply(
        """
        apiVersion: coordination.k8s.io/v1
        kind: Lease
        metadata: {name: leader, namespace: ingress}
        spec: {holderIdentity: b, leaseDurationSeconds: 1}
        """);
    until(() -> !a.elector.confirm());
    assertThat(a.elector.leads()).isFalse();

    var c = candidate("b").run();
    until(c.elector::leads);
    c.stop();
    server.delete("leases", "ingress", "leader");
    until(() -> !c.elector.confirm());
  }

  @Test
  void aLeaseThatWasDeletedIsMadeAgain() throws Exception {
    var a = candidate("a").run();
    until(a.elector::leads);
    server.delete("leases", "ingress", "leader");
    until(() -> holder().equals("a") && a.elector.leads());
  }

  @Test
  void anotherLabelOnTheLeaseIsNoLoss() throws Exception {
    var a = candidate("a").run();
    until(a.elector::leads);
    var labelled = Objects.requireNonNull(server.get("leases", "ingress", "leader")).deepCopy();
    ((com.fasterxml.jackson.databind.node.ObjectNode) labelled)
        .withObjectProperty("metadata")
        .putObject("labels")
        .put("team", "edge");
    server.apply((com.fasterxml.jackson.databind.node.ObjectNode) labelled);
    int renewals = server.count("update", "leases");
    until(() -> server.count("update", "leases") > renewals + 3);
    assertThat(a.elector.leads()).isTrue();
    assertThat(a.changes).hasValue(1);
    assertThat(
            Objects.requireNonNull(server.get("leases", "ingress", "leader"))
                .at("/metadata/labels/team")
                .asText())
        .isEqualTo("edge");
  }

  @Test
  void clocksThatJumpByAnHourChangeNothing() throws Exception {
    var now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    var sign = new AtomicInteger(1);
    InstantSource jumping =
        () -> now.updateAndGet(t -> t.plusSeconds(3600L * sign.updateAndGet(s -> -s)));
    var a = candidate("a", jumping).run();
    until(a.elector::leads);
    var b = candidate("b", InstantSource.system()).run();
    until(b.elector::decided);
    int renewals = server.count("update", "leases");
    until(() -> server.count("update", "leases") > renewals + 8);
    assertThat(a.changes).hasValue(1);
    assertThat(b.changes).as("it was told that another one leads").hasValue(1);
  }

  @Test
  void aTermThatRanOutAndBeginsAnewIsTold() throws Exception {
    var ahead = new AtomicLong();
    var a = candidate("a", InstantSource.system(), () -> System.nanoTime() + ahead.get()).run();
    until(a.elector::leads);
    int changes = a.changes.get();
    ahead.addAndGet(TTL.toNanos());
    until(() -> a.elector.leads() && a.changes.get() > changes);
  }

  @Test
  void withoutTheRightNobodyLeadsUntilItIsGiven() throws Exception {
    server.faults().answer(Faults.on("create", "leases"), Faults.ALWAYS, 403);
    var a = candidate("a").run();
    until(() -> server.count("create", "leases") > 1);
    assertThat(a.elector.leads()).isFalse();
    assertThat(a.elector.decided()).isFalse();
    server.faults().clear();
    until(a.elector::leads);
  }

  @Test
  void whileTheServerIsGoneNobodyLeads() throws Exception {
    var a = candidate("a").run();
    until(a.elector::leads);
    server.stop();
    until(() -> !a.elector.leads());
    assertThat(a.elector.confirm()).isFalse();
    server.start();
    until(a.elector::leads);
  }

  @Test
  void neverDoTwoWriteWhateverTheServerAnswers() throws Exception {
    long seed = Seed.get();
    var random = new Random(seed);
    var inside = new AtomicInteger();
    var writes = new AtomicInteger();
    var violations = new ConcurrentLinkedQueue<String>();
    var writers = new ArrayList<Thread>();
    for (var name : List.of("a", "b", "c")) {
      var candidate = candidate(name).run();
      writers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      while (!Thread.currentThread().isInterrupted()) {
                        if (candidate.elector.confirm()) {
                          if (inside.incrementAndGet() > 1) {
                            violations.add(name + " while another wrote");
                          }
                          writes.incrementAndGet();
                          inside.decrementAndGet();
                        }
                        new Signal().await(Duration.ofMillis(1));
                      }
                    } catch (InterruptedException e) {
                      // The test is over.
                    }
                  }));
    }
    for (int round = 0; round < 12; round++) {
      int before = server.count("", "leases");
      switch (random.nextInt(4)) {
        case 0 -> server.faults().answer(Faults.on("update", "leases"), 4, 409);
        case 1 -> server.faults().answer(Faults.on("update", "leases"), 6, 500);
        case 2 -> server.faults().drop(Faults.on("", "leases"), 6);
        default -> server.faults().answer(Faults.on("get", "leases"), 10, 429);
      }
      until(() -> server.count("", "leases") > before + 10);
    }
    server.faults().clear();
    int before = writes.get();
    until(() -> writes.get() > before + 20);
    for (var writer : writers) {
      writer.interrupt();
      writer.join();
    }
    assertThat(violations).as("seed " + seed).isEmpty();
  }
}
