package dev.weir.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Commands;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.KeyPairPem;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** Certificates are rotated, broken and deleted while clients shake hands (F20). */
class CertificateFaultTest {
  private static final int CLIENTS = 3;
  private static final String HOST = "rotated.test";

  private final Backend backend = Backend.echo("a");
  private final Cluster cluster = new Cluster();
  private final List<KeyPairPem> pairs =
      Stream.generate(() -> KeyPairPem.of(HOST)).limit(8).toList();
  private final KeyPairPem other = KeyPairPem.of("other.test");
  private final AtomicInteger handshakes = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

  CertificateFaultTest() {
    cluster.api().apply(Objects.service(backend));
    for (var host : List.of(HOST, "other.test")) {
      cluster.api().apply(Ingress.named(host).tls(host, host).host(host).prefix("/", "a").yaml());
    }
    cluster.api().apply(Objects.secret(HOST, pairs.getFirst()));
    cluster.api().apply(Objects.secret("other.test", other));
  }

  @AfterEach
  void close() {
    cluster.close();
    backend.close();
  }

  private void shakeHands(WeirProcess weir, AtomicBoolean enough) {
    while (!enough.get()) {
      try (var wire = Wire.tls(weir.https(), HOST)) {
        int status = wire.get(HOST, "/").status();
        handshakes.incrementAndGet();
        if (status != 200) {
          failures.add("status " + status);
        }
      } catch (IOException e) {
        failures.add(e.toString());
      }
    }
  }

  private static BigInteger serial(WeirProcess weir, String host) {
    try (var wire = Wire.tls(weir.https(), host)) {
      return wire.certificate().getSerialNumber();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Contexts of the TLS library that are in use. */
  private static long contexts(WeirProcess weir) {
    var histogram =
        Commands.run(
            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
            Long.toString(weir.pid()),
            "GC.class_histogram");
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+", -1))
        .filter(words -> words.length > 3 && words[3].endsWith("SslServerContext"))
        .mapToLong(words -> Long.parseLong(words[1]))
        .sum();
  }

  @Fault("F20")
  void noHandshakeFailsWhileCertificatesAreRotatedBrokenAndDeleted(Injection fault) {
    var enough = new AtomicBoolean();
    try (var weir =
        cluster.replica("a", "--publish-status-address=192.0.2.7", "--election-ttl=2s")) {
      var clients = new ArrayList<Thread>();
      try {
        assertThat(serial(weir, HOST)).isEqualTo(pairs.getFirst().serial());
        long before = contexts(weir);
        assertThat(before).isPositive();
        for (int i = 0; i < CLIENTS; i++) {
          clients.add(Thread.ofVirtual().start(() -> shakeHands(weir, enough)));
        }
        rotate(weir, fault);
        delete(weir);
        assertThat(contexts(weir)).isLessThanOrEqualTo(before);
      } finally {
        enough.set(true);
        join(clients);
      }
    }
    assertThat(failures).isEmpty();
    assertThat(handshakes.get()).isGreaterThan(fault.figure());
  }

  private void rotate(WeirProcess weir, Injection fault) {
    for (int i = 1; i <= fault.figure(); i++) {
      var next = pairs.get(i % pairs.size());
      cluster.api().apply(Objects.secret(HOST, next));
      WeirProcess.eventually("certificate", () -> serial(weir, HOST), next.serial()::equals);
      fault.count();
      if (i % 10 == 0) {
        breakIt(weir, next);
      }
    }
  }

  /** A pair that does not fit together leaves the one before it, and its Ingress is told. */
  private void breakIt(WeirProcess weir, KeyPairPem last) {
    var halves = new KeyPairPem(last.certificate(), other.key(), last.serial());
    cluster.api().apply(Objects.secret(HOST, halves));
    WeirProcess.eventually(
        "the Event",
        () -> cluster.api().requests("create", "events").toString(),
        text -> text.contains("CertificateProblem") && text.contains("its last valid one"));
    WeirProcess.eventually(
        "the finding",
        () -> weir.admin("/debug/findings").text(),
        text -> text.contains("its last valid one is shown"));
    assertThat(serial(weir, HOST)).isEqualTo(last.serial());
  }

  /** Without its Secret a host shows the default certificate, and nobody else's. */
  private void delete(WeirProcess weir) {
    cluster.api().delete("secrets", "default", HOST);
    var known = new ArrayList<>(pairs.stream().map(KeyPairPem::serial).toList());
    known.add(other.serial());
    WeirProcess.eventually(
        "the default certificate", () -> serial(weir, HOST), serial -> !known.contains(serial));
    assertThat(serial(weir, "other.test")).isEqualTo(other.serial());
    int done = handshakes.get();
    WeirProcess.eventually("handshakes", handshakes::get, now -> now > done + 20);
  }

  private static void join(List<Thread> threads) {
    for (var thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
