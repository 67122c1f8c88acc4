package dev.weir.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A loop does nothing, nobody reads what is printed, handshakes don't go on (F19, F29, F30). */
class StallFaultTest {
  @Fault("F19")
  void aLoopThatDoesNothingIsReportedAndMakesTheProxyUnready(Injection fault) throws Exception {
    try (var site = Site.of(List.of(SuspendableThread.OPTION), "", "", Backend.echo("fast"));
        var loop = SuspendableThread.of(site.weir(), "weir-loop")) {
      var weir = site.weir();
      weir.log().expect("has done nothing");
      for (int i = 0; i < fault.figure(); i++) {
        assertThat(weir.admin("/readyz").status()).isEqualTo(200);
        loop.suspend();
        fault.count();
        var unready =
            WeirProcess.eventually(
                "unready", () -> weir.admin("/readyz"), reply -> reply.status() == 500);
        assertThat(unready.text()).contains("event loop").contains("has done nothing for 5 s");
        loop.resume();
        WeirProcess.eventually(
            "ready", () -> weir.admin("/readyz"), reply -> reply.status() == 200);
        // A loop that stands still nearly all the time sheds some of what is new, for a moment.
        weir.awaitStatus("fast.test", "/", 200);
      }
      assertThat(weir.log().lines("has done nothing"))
          .hasSize(fault.figure())
          .allMatch(line -> line.contains("it is at ") && line.contains(") < "));
      var stalls = new Metric(weir, "weir_loop_stalls_total{loop=\"1\"}").value();
      stalls += new Metric(weir, "weir_loop_stalls_total{loop=\"2\"}").value();
      assertThat(stalls).isGreaterThanOrEqualTo(fault.figure());
    }
  }

  @Fault("F29")
  void aReaderOfTheLogThatStopsHoldsUpNobody(Injection fault) throws Exception {
    var target = "/" + "x".repeat(2_000);
    var answered = new AtomicInteger();
    var failures = new ConcurrentLinkedQueue<String>();
    var endless = "keep-alive-requests: \"1000000\"";
    try (var site = Site.of(endless, "", Backend.scripted("fast", StallFaultTest::answer))) {
      var weir = site.weir();
      assertThat(weir.get("fast.test", "/").status()).isEqualTo(200);
      weir.stopReading();
      var clients = new ArrayList<Thread>();
      for (int c = 0; c < 4; c++) {
        clients.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      try (var wire = Wire.to(weir.http())) {
                        while (answered.get() < fault.figure()) {
                          int status = wire.get("fast.test", target).status();
                          if (status != 200) {
                            failures.add("status " + status);
                          }
                          answered.incrementAndGet();
                        }
                      } catch (IOException e) {
                        failures.add(e.toString());
                      }
                    }));
      }
      for (var client : clients) {
        client.join();
      }
      assertThat(failures).isEmpty();
      fault.add((long) new Metric(weir, "weir_access_log_dropped_lines_total").value());
      weir.readOn();
      var last = "/after-" + fault.figure();
      WeirProcess.eventually(
          "a line of the log",
          () -> weir.get("fast.test", last).status() == 200 ? weir.log().lines(last) : List.of(),
          lines -> !lines.isEmpty());
    }
  }

  private static void answer(dev.weir.e2e.backend.Script.Call call) throws IOException {
    call.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  }

  /** What begins a handshake and doesn't end it, and what is none. */
  private static byte[] half(int kind) {
    var hello = HexFormat.of().parseHex("1603010200010001fc0303");
    return switch (kind % 4) {
      case 0 -> new byte[0];
      case 1 -> java.util.Arrays.copyOf(hello, 9);
      case 2 -> java.util.Arrays.copyOf(hello, 200);
      default -> HexFormat.of().parseHex("16030140000100");
    };
  }

  @Fault("F30")
  void handshakesThatNeverEndCostLittleAndEndNobodyElses(Injection fault) throws Exception {
    // None is to time out before the last one is there.
    var settings =
        "max-connections-per-source: \"0\", client-header-timeout: \"%d\""
            .formatted(FaultList.isFull() ? 20 : 8);
    var halves = new ArrayList<Socket>();
    try (var site = Site.of(settings, "", Backend.echo("fast"))) {
      var weir = site.weir();
      assertThat(weir.getTls("fast.test", "/").status()).isEqualTo(200);
      double before = Metric.directMemory(weir).value();
      for (int i = 0; i < fault.figure(); i++) {
        var socket = new Socket(weir.https().getAddress(), weir.https().getPort());
        halves.add(socket);
        var bytes = half(i);
        // In two pieces, so that nobody can rely on one packet.
        socket.getOutputStream().write(bytes, 0, bytes.length / 2);
        socket.getOutputStream().write(bytes, bytes.length / 2, bytes.length - bytes.length / 2);
        if (i % 20 == 0) {
          assertThat(weir.getTls("fast.test", "/").status()).isEqualTo(200);
        }
      }
      fault.add((long) Metric.sockets(weir, "client").value());
      assertThat(Metric.directMemory(weir).value() - before)
          .isLessThanOrEqualTo(fault.figure() * 65_536.0);
      Metric.sockets(weir, "client").await(count -> count == 0);
      assertThat(weir.getTls("fast.test", "/").status()).isEqualTo(200);
    } finally {
      for (var socket : halves) {
        socket.close();
      }
    }
  }
}
