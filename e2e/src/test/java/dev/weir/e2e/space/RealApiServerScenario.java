package dev.weir.e2e.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.KeyPairPem;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Reply;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The program with the rights that {@code manifests/base} gives it, on a real API server: objects
 * come, change and go, and the server is restarted.
 */
public final class RealApiServerScenario implements Scenario {
  static final String NODE = "10.244.0.1";
  static final String POD_1 = "10.244.1.5";
  static final String POD_2 = "10.244.1.6";
  private static final int PORT = 8080;

  @Override
  public void play() throws Exception {
    try (var one = Backend.listen("one", Script.echo(), POD_1, PORT);
        var two = Backend.listen("two", Script.echo(), POD_2, PORT);
        var api = new RealApiServer(NODE);
        var relay = Relay.to(api.port())) {
      assertThat(List.of(one.name(), two.name())).containsExactly("one", "two");
      var manifests = WeirProcess.home().resolve("../../../manifests/base").normalize();
      api.kubectl("apply", "-k", manifests.toString());
      api.apply(service(POD_1) + Objects.ingress("shop", "shop.test", "shop"));
      var kubeconfig = api.kubeconfigOf("weir", "weir", relay.port());
      try (var weir =
          WeirProcess.launch("run", "--kubeconfig=" + kubeconfig, "--configmap=weir/weir")
              .ready()) {
        weir.log().expect(PodsScenario.NO_HARDWARE_ADDRESS);
        assertThat(get("shop.test").backend()).isEqualTo("one");
        follow(api, weir);
        restart(api, relay, weir);
        assertThat(weir.log().lines("Not allowed")).isEmpty();
      }
    }
  }

  private static String service(String pod) {
    return Objects.service("shop", List.of(pod), PORT)
        .replace("clusterIP: 10.96.0.10", "type: ClusterIP");
  }

  private static void follow(RealApiServer api, WeirProcess weir) {
    api.apply(service(POD_2));
    weir.awaitBackend("shop.test", "/", "two");

    var first = KeyPairPem.of("secure.test");
    api.apply(
        Objects.secret("cert", first)
            + Ingress.named("secure")
                .tls("cert", "secure.test")
                .host("secure.test")
                .prefix("/", "shop")
                .yaml());
    WeirProcess.eventually("certificate", RealApiServerScenario::serial, first.serial()::equals);
    var second = KeyPairPem.of("secure.test");
    api.apply(Objects.secret("cert", second));
    WeirProcess.eventually("rotation", RealApiServerScenario::serial, second.serial()::equals);

    api.kubectl("delete", "ingress", "secure");
    weir.awaitStatus("secure.test", "/", 404);
    api.kubectl("delete", "endpointslice", "shop-1");
    weir.awaitStatus("shop.test", "/", 503);
    api.apply(service(POD_1));
    weir.awaitBackend("shop.test", "/", "one");
  }

  private static void restart(RealApiServer api, Relay relay, WeirProcess weir) throws IOException {
    weir.log().expect("API server");
    try (var wire = Wire.to(new InetSocketAddress(NODE, 80))) {
      relay.cut();
      weir.log().await("the API server being missed", line -> line.contains("WARN"));
      api.apply(Objects.ingress("meanwhile", "meanwhile.test", "shop"));
      for (int i = 0; i < 100; i++) {
        assertThat(wire.get("shop.test", "/").status()).isEqualTo(200);
      }
      assertThat(wire.get("meanwhile.test", "/").status()).isEqualTo(404);

      relay.lead(api.startAnother());
      weir.awaitBackend("meanwhile.test", "/", "one");
      api.apply(service(POD_2));
      weir.awaitBackend("shop.test", "/", "two");
      assertThat(wire.get("shop.test", "/").status()).isEqualTo(200);
    }
  }

  private static Reply get(String host) throws IOException {
    try (var wire = Wire.to(new InetSocketAddress(NODE, 80))) {
      return wire.get(host, "/");
    }
  }

  private static BigInteger serial() {
    try (var wire = Wire.tls(new InetSocketAddress(NODE, 443), "secure.test")) {
      return wire.certificate().getSerialNumber();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
