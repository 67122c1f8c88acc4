package dev.weir.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Commands;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.space.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The machine's clock jumps by an hour, forth and back (F22). */
class ClockFaultTest {
  private static final int CLIENTS = 4;

  @TempDir private Path folder;
  private final Backend a = Backend.echo("a");
  private final Backend b = Backend.echo("b");
  private final Cluster cluster = new Cluster();

  ClockFaultTest() {
    cluster.api().apply(Objects.service(a) + Objects.service(b));
    cluster.api().apply(Objects.ingress("shop", "shop.test", "a"));
  }

  @AfterEach
  void close() {
    cluster.close();
    a.close();
    b.close();
  }

  /** How far the program's clock is from ours. */
  private static Duration ahead(WeirProcess weir) {
    var date = weir.get("nobody.test", "/").field("date");
    return Duration.between(
        Instant.now(),
        ZonedDateTime.parse(String.valueOf(date), DateTimeFormatter.RFC_1123_DATE_TIME)
            .toInstant());
  }

  private WeirProcess run() {
    var library = folder.resolve("clock.so").toString();
    Commands.run("cc", "-shared", "-fPIC", "-o", library, "src/test/resources/clock/clock.c");
    var wrapper =
        List.of(
            "env",
            "POD_NAMESPACE=ingress",
            "POD_NAME=a",
            "LD_PRELOAD=" + library,
            "CLOCK_AHEAD=" + folder.resolve("ahead"));
    return WeirProcess.runUnder(
        wrapper,
        List.of(),
        cluster.flag(),
        "--publish-status-address=192.0.2.7",
        "--election-ttl=2s",
        "--status-update-interval=5");
  }

  /** In place: the program looks at these very bytes. */
  private void jump(long seconds) {
    var bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, seconds);
    try (var file =
        FileChannel.open(
            folder.resolve("ahead"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(file.write(bytes, 0)).isEqualTo(Long.BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long leaders() {
    var lease = cluster.api().get("leases", "ingress", "ingress-controller-leader");
    return lease == null ? -1 : lease.at("/spec/leaseTransitions").asLong();
  }

  @Fault("F22")
  @Tag(Peers.C_COMPILER)
  void noRequestFailsAndNoChangeIsLostWhenTheClockJumps(Injection fault) {
    jump(0);
    try (var weir = run();
        var traffic = Traffic.of(weir, "shop.test", "GET", CLIENTS)) {
      WeirProcess.eventually("a leader", this::leaders, count -> count == 0);
      for (int i = 0; i < fault.figure(); i++) {
        int seconds = i % 2 == 0 ? 3600 : -3600;
        jump(seconds);
        WeirProcess.eventually(
            "the jump",
            () -> ahead(weir),
            now -> now.minusSeconds(seconds).abs().compareTo(Duration.ofMinutes(1)) < 0);
        fault.count();
        var backend = i % 2 == 0 ? "b" : "a";
        cluster.api().apply(Objects.ingress("shop", "shop.test", backend));
        weir.awaitBackend("shop.test", "/", backend);
        traffic.awaitMore(100);
        int renewals = cluster.api().count("update", "leases");
        WeirProcess.eventually(
            "renewals", () -> cluster.api().count("update", "leases"), now -> now > renewals + 1);
      }
      assertThat(leaders()).as("the Lease was never lost").isZero();
      assertThat(weir.getTls("shop.test", "/").status()).isEqualTo(200);
      traffic.finish();
      assertThat(traffic.failures()).isEmpty();
    }
  }
}
