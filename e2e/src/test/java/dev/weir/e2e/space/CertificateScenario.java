package dev.weir.e2e.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.harness.Commands;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * {@code manifests/deployment-with-webhook} on a real API server, which calls the webhook by its
 * Service: {@code make-certificate} is run, and run again while the pod still has the old one; then
 * {@code allow-api-server}.
 */
public final class CertificateScenario implements Scenario {
  private static final String NODE = InstallScenario.NODE;
  private static final int WEBHOOK = 8443;
  private static final Pattern CERTIFICATE = Pattern.compile("-----BEGIN CERTIFICATE-----");

  @Override
  public void play() throws Exception {
    try (var api = new RealApiServer(NODE)) {
      api.applyOnServer(Shipped.overlay(api, "deployment", List.of("webhook", "network-policy")));
      var address =
          api.kubectl(
              "get", "service", "weir-admission", "-n", "weir", "-o", "jsonpath={.spec.clusterIP}");
      Commands.run("ip", "addr", "add", address + "/32", "dev", "lo");
      api.script(Shipped.manifest("webhook/make-certificate"));
      assertThat(trusted(api)).isEqualTo(1);
      var container = Container.of(api, "weir", "deployment/weir");
      bring(api, container);
      // The Service's address is this machine's, so its port 443 must be left to the Service.
      try (var service = Relay.from(address, 443, WEBHOOK);
          var weir = container.start("--bind-address=" + NODE).ready()) {
        assertThat(service.port()).isEqualTo(443);
        weir.log().expect(PodsScenario.NO_HARDWARE_ADDRESS);
        var first = serial();
        refuses(api, "first.test");

        api.script(Shipped.manifest("webhook/make-certificate"), "30");
        assertThat(trusted(api)).isEqualTo(2);
        assertThat(serial()).isEqualTo(first);
        refuses(api, "second.test");
        bring(api, container);
        WeirProcess.eventually(
            "the new certificate", CertificateScenario::serial, now -> !now.equals(first));
        refuses(api, "third.test");
      }
      addresses(api);
    }
  }

  /** What the volume of the Deployment makes of the Secret. */
  private static void bring(RealApiServer api, Container container) throws IOException {
    var data = api.json("get", "secret", "weir-admission", "-n", "weir").path("data");
    container.bring("cert", decoded(data.path("tls.crt").asText()));
    container.bring("key", decoded(data.path("tls.key").asText()));
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private static long trusted(RealApiServer api) {
    var webhook = api.json("get", "validatingwebhookconfiguration", "weir-admission");
    var bundle = webhook.at("/webhooks/0/clientConfig/caBundle").asText();
    return CERTIFICATE.matcher(decoded(bundle)).results().count();
  }

  /** Only an answer of the webhook refuses: a call that fails lets the object pass. */
  private static void refuses(RealApiServer api, String host) {
    var bad =
        Ingress.named("bad").host(host).setting("auth-type", "digets").prefix("/", "shop").yaml();
    WeirProcess.eventually(
        "the refusal",
        () -> {
          try {
            return api.kubectlWith(bad, "apply", "--dry-run=server", "-f", "-");
          } catch (AssertionError e) {
            return String.valueOf(e.getMessage());
          }
        },
        answer -> answer.contains("\"validate.nginx.ingress.kubernetes.io\" denied the request"));
  }

  private static BigInteger serial() {
    try (var wire = Wire.tls(new InetSocketAddress(NODE, WEBHOOK), "weir-admission.weir.svc")) {
      return wire.certificate().getSerialNumber();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void addresses(RealApiServer api) {
    var policy = List.of("get", "networkpolicy", "weir-admission", "-n", "weir");
    var from = "/spec/ingress/0/from";
    api.script(Shipped.manifest("network-policy/allow-api-server"));
    assertThat(api.json(policy.toArray(String[]::new)).at(from).toString())
        .isEqualTo("[{\"ipBlock\":{\"cidr\":\"" + NODE + "/32\"}}]");
    api.script(Shipped.manifest("network-policy/allow-api-server"), "192.0.2.0/28", "2001:db8::1");
    assertThat(api.json(policy.toArray(String[]::new)).at(from).toString())
        .isEqualTo(
            "[{\"ipBlock\":{\"cidr\":\"192.0.2.0/28\"}},"
                + "{\"ipBlock\":{\"cidr\":\"2001:db8::1/128\"}}]");
  }
}
