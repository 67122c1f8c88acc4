package dev.weir.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.apiserver.Faults;
import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.KeyPairPem;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import dev.weir.testsupport.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

/** Objects go and others come under their names (F7). */
class SameNameFaultTest {
  private static final int CLIENTS = 4;

  private final Backend a = Backend.echo("a");
  private final Backend b = Backend.echo("b");
  private final Cluster cluster = new Cluster();
  private final KeyPairPem pair = KeyPairPem.of("shown.test");

  SameNameFaultTest() {
    var api = cluster.api();
    api.apply(Objects.service(a) + Objects.service(b));
    api.apply(Objects.ingress("shop", "shop.test", "a"));
    api.apply(users("none-yet") + closed());
    api.apply(Objects.secret("pair", pair));
    api.apply(
        Ingress.named("shown")
            .tls("pair", "shown.test")
            .host("shown.test")
            .prefix("/", "a")
            .yaml());
    api.apply(Objects.ingress("one", "one.test", "a") + Objects.ingress("two", "two.test", "b"));
  }

  @AfterEach
  void close() {
    cluster.close();
    a.close();
    b.close();
  }

  private static String closed() {
    return Ingress.named("closed")
        .setting("auth-type", "basic")
        .setting("auth-secret", "users")
        .host("closed.test")
        .prefix("/", "a")
        .yaml();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String users(String password) {
    return """
    ---
    apiVersion: v1
    kind: Secret
    metadata: {name: users, namespace: default}
    data: {auth: %s}
    """
        .formatted(base64("jane:{PLAIN}" + password));
  }

  @Fault("F7")
  void whatComesUnderANameHasNothingOfWhatHadItBefore(Injection fault) {
    long seed = Seed.get();
    var random = new Random(seed);
    try (var weir = cluster.run();
        var traffic = Traffic.of(weir, "shop.test", "GET", CLIENTS)) {
      weir.log().expect("breaks off again and again");
      Watches.await(cluster.api());
      for (int i = 0; i < fault.figure(); i++) {
        boolean seen = random.nextBoolean();
        switch (i % 4) {
          case 0 -> passwords(weir, seen, i);
          case 1 -> protection(weir, seen, i);
          case 2 -> certificate(weir, seen);
          default -> names(weir, seen, i / 4 % 2 == 0);
        }
        fault.count();
      }
      traffic.finish();
      assertThat(traffic.failures()).as("seed %d", seed).isEmpty();
    }
  }

  /** Makes changes that the program sees one by one, or only as the result of all. */
  private void change(String resource, boolean seen, Runnable changes) {
    var api = cluster.api();
    if (seen) {
      changes.run();
      return;
    }
    int watches = api.count("watch", resource);
    var gate = api.faults().hold(Faults.on("watch", resource), 1);
    api.dropWatches(resource);
    WeirProcess.eventually(
        "the watch's next try", () -> api.count("watch", resource), now -> now > watches);
    changes.run();
    api.compact(resource);
    gate.countDown();
    Watches.await(api, resource);
  }

  private int statusOf(WeirProcess weir, String credentials) {
    try (var wire = Wire.to(weir.http())) {
      var line = credentials.isEmpty() ? "" : "Authorization: Basic " + credentials + "\r\n";
      return wire.send("GET / HTTP/1.1\r\nHost: closed.test\r\n" + line + "\r\n").reply().status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void passwords(WeirProcess weir, boolean seen, int i) {
    change(
        "secrets",
        seen,
        () -> {
          cluster.api().delete("secrets", "default", "users");
          cluster.api().apply(users("word-" + i));
        });
    WeirProcess.eventually(
        "the new password", () -> statusOf(weir, base64("jane:word-" + i)), now -> now == 200);
    assertThat(statusOf(weir, base64("jane:word-" + (i - 4)))).isEqualTo(401);
    assertThat(statusOf(weir, "")).isEqualTo(401);
  }

  private void protection(WeirProcess weir, boolean seen, int i) {
    var credentials = base64("jane:word-" + (i - 1));
    change(
        "ingresses",
        seen,
        () -> {
          cluster.api().delete("ingresses", "default", "closed");
          cluster.api().apply(Objects.ingress("closed", "closed.test", "b"));
        });
    WeirProcess.eventually("an open door", () -> statusOf(weir, ""), now -> now == 200);
    change(
        "ingresses",
        seen,
        () -> {
          cluster.api().delete("ingresses", "default", "closed");
          cluster.api().apply(closed());
        });
    WeirProcess.eventually("a closed door", () -> statusOf(weir, ""), now -> now == 401);
    assertThat(statusOf(weir, credentials)).isEqualTo(200);
  }

  private static BigInteger serial(WeirProcess weir) {
    try (var wire = Wire.tls(weir.https(), "shown.test")) {
      return wire.certificate().getSerialNumber();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A pair that can't be used is replaced by the last valid one of its own Secret only. */
  private void certificate(WeirProcess weir, boolean seen) {
    var api = cluster.api();
    WeirProcess.eventually("the pair", () -> serial(weir), pair.serial()::equals);
    var broken = Objects.secret("pair", pair).replaceAll("tls.key: .*", "tls.key: bm9uc2Vuc2U=");
    change(
        "secrets",
        seen,
        () -> {
          api.delete("secrets", "default", "pair");
          api.apply(broken);
        });
    WeirProcess.eventually(
        "the default certificate", () -> serial(weir), now -> !pair.serial().equals(now));
    change("secrets", seen, () -> api.apply(Objects.secret("pair", pair)));
    WeirProcess.eventually("the pair", () -> serial(weir), pair.serial()::equals);
    change("secrets", seen, () -> api.apply(broken));
    WeirProcess.eventually(
        "the finding",
        () -> weir.admin("/debug/findings").text(),
        text -> text.contains("its last valid one is shown"));
    assertThat(serial(weir)).isEqualTo(pair.serial());
    change("secrets", seen, () -> api.apply(Objects.secret("pair", pair)));
  }

  private void names(WeirProcess weir, boolean seen, boolean swapped) {
    var api = cluster.api();
    change(
        "ingresses",
        seen,
        () -> {
          api.delete("ingresses", "default", "one");
          api.delete("ingresses", "default", "two");
          api.apply(
              Objects.ingress("one", "one.test", swapped ? "b" : "a")
                  + Objects.ingress("two", "two.test", swapped ? "a" : "b"));
        });
    weir.awaitBackend("two.test", "/", swapped ? "a" : "b");
    assertThat(weir.get("one.test", "/").backend()).isEqualTo(swapped ? "b" : "a");
  }
}
