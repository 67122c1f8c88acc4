package dev.weir.e2e.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Reply;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Pods at addresses of their own, and a Service whose address nobody listens at: a connection to it
 * would be refused and the request fail. Another Service is asked at its own address, and its pods
 * are not.
 */
public final class PodsScenario implements Scenario {
  static final String NODE = "10.244.0.1";
  static final String POD_1 = "10.244.1.5";
  static final String POD_2 = "10.244.1.6";
  static final String POD_6 = "fd00:10:244::5";
  static final String CLUSTER_IP = "10.96.0.10";

  /** Netty, where {@code lo} is the only interface. */
  static final String NO_HARDWARE_ADDRESS = "MacAddressUtil";

  private static final int PORT = 8080;
  private static final int SERVICE_PORT = 8081;

  @Override
  public void play() throws IOException {
    try (var one = Backend.listen("one", Script.echo(), POD_1, PORT);
        var two = Backend.listen("two", Script.echo(), POD_2, PORT);
        var six = Backend.listen("six", Script.echo(), POD_6, PORT);
        var own = Backend.listen("own", Script.echo(), CLUSTER_IP, SERVICE_PORT);
        var cluster = new Cluster()) {
      cluster.api().apply(objects());
      try (var weir = WeirProcess.launch("run", cluster.flag()).ready()) {
        weir.log().expect(NO_HARDWARE_ADDRESS);
        usualPorts(weir);
        for (int i = 0; i < 12; i++) {
          assertThat(get(NODE, "four.test").status()).isEqualTo(200);
          assertThat(get("::1", "six.test").backend()).isEqualTo("six");
          assertThat(get(NODE, "both.test").backend()).isIn("one", "two");
          assertThat(get(NODE, "own.test").backend()).isEqualTo("own");
        }
        assertThat(List.of(one.requests(), two.requests(), six.requests()))
            .as("requests of the pods")
            .containsExactly(12, 12, 12);
        assertThat(own.requests()).as("requests of the Service's address").isEqualTo(12);
        assertThat(one.connections() + two.connections() + six.connections()).isPositive();
        try (var wire = Wire.tls(new InetSocketAddress(NODE, 443), "four.test")) {
          assertThat(wire.get("four.test", "/").status()).isEqualTo(200);
        }
      }
    }
  }

  /** A Service of both families has the same pods twice, and IPv4 goes before. */
  private static String objects() {
    return Objects.service("four", List.of(POD_1, POD_2), PORT)
        + Objects.ingress("four", "four.test", "four")
        + Objects.service("six", List.of(POD_6), PORT)
        + Objects.ingress("six", "six.test", "six")
        + Objects.service("both", List.of(POD_1, POD_2), PORT)
        + Objects.endpoints("both", List.of(POD_6), PORT).replace("name: both-1", "name: both-6")
        + Objects.ingress("both", "both.test", "both")
        + Objects.service("own", List.of(POD_1, POD_2), PORT)
            .replace("port: 80,", "port: " + SERVICE_PORT + ",")
        + Ingress.named("own")
            .host("own.test")
            .setting("service-upstream", "true")
            .prefix("/", "own:http")
            .yaml();
  }

  /** {@code run} binds all addresses, of both families. */
  private static void usualPorts(WeirProcess weir) throws IOException {
    var ports = new ArrayList<Integer>();
    for (var line : weir.log().lines("listening ")) {
      ports.add(Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
    }
    assertThat(ports).contains(80, 443, 10254);
    for (var address : List.of(NODE, "127.0.0.1", "::1")) {
      for (int port : new int[] {80, 443, 10254}) {
        Wire.to(new InetSocketAddress(address, port)).close();
      }
    }
  }

  private static Reply get(String address, String host) throws IOException {
    try (var wire = Wire.to(new InetSocketAddress(address, 80))) {
      return wire.get(host, "/");
    }
  }
}
