package dev.weir.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.controller.admission.Questioner;
import dev.weir.controller.admission.Questions;
import dev.weir.controller.admission.TestPair;
import dev.weir.controller.loop.ControllerListener;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The admission webhook of the whole program, on a folder of manifests. */
class WebhookTest {
  private static final String MANIFESTS =
      """
      apiVersion: networking.k8s.io/v1
      kind: IngressClass
      metadata: {name: nginx}
      spec: {controller: k8s.io/ingress-nginx}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: weir, namespace: default}
      data: {bind-address: 127.0.0.1, annotations-risk-level: Low}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: default, annotations: {weir.dev/endpoints: "127.0.0.1:1"}}
      spec: {ports: [{port: 80}]}
      """;

  private static final String OWNER =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: owner, namespace: default}
      spec:
        ingressClassName: nginx
        rules:
        - host: shop.test
          http:
            paths:
            - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
      """;

  @TempDir private Path folder;

  @Test
  void itAnswersByWhatIsServedNow() throws Exception {
    var manifests = Files.createDirectory(folder.resolve("manifests"));
    Files.writeString(manifests.resolve("all.yaml"), MANIFESTS);
    TestPair.of("webhook.test").write(folder);
    try (var program = program(manifests);
        var questioner = new Questioner(program.webhook().orElseThrow())) {
      assertThat(questioner.ask(create("nginx", "shop.test", "")).body())
          .contains("\"allowed\":true", "not checked by weir: it has not read the whole cluster");
      assertThat(program.open()).isTrue();
      assertThat(questioner.ask(create("nginx", "shop.test", "")).body())
          .contains("\"allowed\":true")
          .doesNotContain("warnings");
      Files.writeString(manifests.resolve("owner.yaml"), OWNER);
      await()
          .until(
              () ->
                  questioner
                      .ask(create("nginx", "shop.test", ""))
                      .body()
                      .contains("is defined in Ingress default/owner already"));
      assertThat(questioner.ask(create("foreign", "shop.test", "")).body())
          .contains("\"allowed\":true")
          .doesNotContain("warnings");
      assertThat(questioner.ask(create("nginx", "b.test", "auth-realm")).body())
          .contains("\"allowed\":false", "annotations-risk-level allows LOW");
      assertThat(metrics(program))
          .contains("nginx_ingress_controller_check_success{")
          .contains("nginx_ingress_controller_check_errors{")
          .contains("ingress=\"new\",namespace=\"default\"")
          .contains("nginx_ingress_controller_admission_tested_ingresses{")
          .contains("weir_admission_answers_total{answer=\"refused\"}")
          .doesNotContain("weir-warm-up");
    }
  }

  private static String create(String ingressClass, String host, String annotation) {
    return Questions.of(
        "u",
        "CREATE",
        """
        {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"new",\
        "namespace":"default","annotations":{%s}},"spec":{"ingressClassName":"%s","rules":\
        [{"host":"%s","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":\
        {"name":"web","port":{"number":80}}}}]}}]}}\
        """
            .formatted(
                annotation.isEmpty()
                    ? ""
                    : "\"nginx.ingress.kubernetes.io/" + annotation + "\":\"x\"",
                ingressClass,
                host));
  }

  private static String metrics(WeirProgram program) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + program.admin().getPort() + "/metrics");
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }

  private WeirProgram program(Path manifests) throws Exception {
    var flags = new HashMap<String, String>();
    flags.put("manifests", manifests.toString());
    flags.put("configmap", "default/weir");
    flags.put("healthz-host", "127.0.0.1");
    for (var port : new String[] {"http-port", "https-port", "healthz-port"}) {
      flags.put(port, "0");
    }
    flags.putAll(
        Map.of(
            "validating-webhook", "127.0.0.1:0",
            "validating-webhook-certificate", folder.resolve("cert").toString(),
            "validating-webhook-key", folder.resolve("key").toString()));
    return new WeirProgram(
        RunSettings.of(new Flags(FlagTable.RUN, flags)), new Stop(), new ControllerListener() {});
  }
}
