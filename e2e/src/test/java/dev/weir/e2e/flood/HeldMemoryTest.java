package dev.weir.e2e.flood;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.fault.Fault;
import dev.weir.e2e.fault.Injection;
import dev.weir.e2e.harness.Commands;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.testsupport.http2.Frame;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;

/**
 * What connections cost in memory that do nothing but hold it: live heap and direct memory
 * together, with which the program grows for each (goals 8 and 12).
 */
class HeldMemoryTest {
  private static final double MOST_HELD = 128 * 1024;
  private static final double MOST_IDLE = 16 * 1024;

  /** So many come from one address; more than a thousand would be refused. */
  private static final int PER_ADDRESS = 500;

  /** What watches for leaks and blocking calls is memory, too. */
  private final Field field = new Field("-Dio.netty.leakDetection.level=disabled");

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (var connection : open) {
      connection.close();
    }
    field.close();
  }

  @Fault("119-header-bomb")
  void headsThatUnpackToMuchHoldNoMoreThanAConnectionMay(Injection fault) throws Exception {
    double before = bytes();
    for (int i = 0; i < fault.figure(); i++) {
      var attacker = field.attack(Flood.MANY_FIELDS);
      open.add(attacker);
      assertThat(attacker.awaitWritten()).isTrue();
      fault.count();
    }
    double each = (bytes() - before) / fault.figure();
    report("header bomb", fault.figure(), each);
    assertThat(each).isLessThanOrEqualTo(MOST_HELD);
    field.assertAccounts();
  }

  @Fault("119-slow-connections")
  void connectionsThatSayLittleHoldLittleAndAreGivenUp(Injection fault) throws Exception {
    double before = bytes();
    for (int i = 0; i < fault.figure(); i++) {
      open.add(slow(i));
      fault.count();
    }
    WeirProcess.eventually("connections", this::clients, clients -> clients >= fault.figure() / 2);
    double each = (bytes() - before) / fault.figure();
    report("slow connections", fault.figure(), each);
    assertThat(each).isLessThanOrEqualTo(MOST_IDLE);
    try (var traffic = new LegitTraffic(field.weir().http())) {
      traffic.awaitMore(50);
      traffic.finish();
      assertThat(traffic.failures()).isEmpty();
    }
    WeirProcess.eventually("slow connections", this::clients, clients -> clients <= 2);
  }

  /** One that has begun to say something, of four kinds. */
  private Socket slow(int number) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress("127.0.1." + (1 + number / PER_ADDRESS), 0));
    socket.connect(field.weir().http());
    var bytes =
        switch (number % 4) {
          case 0 -> "GET / HTTP/1.1\r\nHost: legit.te".getBytes(StandardCharsets.US_ASCII);
          case 1 -> Frame.preface();
          case 2 ->
              new Flood.Bytes()
                  .add(Frame.preface())
                  .add(Frame.settings())
                  .add(new byte[] {0, 1, 0, Frame.HEADERS, 4, 0, 0, 0, 1, 0})
                  .take();
          default -> new byte[0];
        };
    socket.getOutputStream().write(bytes);
    return socket;
  }

  private long clients() {
    return field.metric("weir_sockets", "peer=\"client\"");
  }

  /** Live objects on the heap, and direct memory. */
  private double bytes() {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var pid = Long.toString(field.weir().pid());
    var histogram = Commands.run(jcmd, pid, "GC.class_histogram").strip();
    var total = histogram.substring(histogram.lastIndexOf('\n') + 1).strip().split("\\s+", -1);
    return Long.parseLong(total[2]) + field.plainMetric("weir_direct_memory_bytes");
  }

  private static void report(String what, int connections, double each) {
    System.out.printf(
        Locale.ROOT,
        "%s: %d connections, %.1f KiB of heap and direct memory each%n",
        what,
        connections,
        each / 1024);
  }
}
