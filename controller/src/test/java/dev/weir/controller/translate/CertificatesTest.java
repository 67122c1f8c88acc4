package dev.weir.controller.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.controller.parse.ManifestReader;
import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.Dependency;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.RecordingView;
import dev.weir.controller.resource.SecretBytes;
import dev.weir.controller.resource.SecretResource;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CertificatesTest {
  private static final String MANIFEST =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: shop-cert, namespace: default}
      type: kubernetes.io/tls
      data: {tls.crt: "${crt shop.example.com}", tls.key: "${key shop.example.com}"}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: shop
        namespace: default
        annotations: {kubernetes.io/ingress.class: nginx}
      spec:
        tls: [{hosts: [shop.example.com], secretName: shop-cert}]
        rules: [{host: shop.example.com}]
      """;

  private final ClusterState state = new ClusterState(null);
  private final HostTranslator translator = new HostTranslator(TranslateOptions.DEFAULT);

  CertificatesTest() {
    var text = TestCertificates.fillIn(MANIFEST);
    new ManifestReader()
        .read("in.yaml", text.getBytes(StandardCharsets.UTF_8))
        .objects()
        .forEach(object -> state.put(object.resource()));
  }

  private SecretResource secret() {
    var secret = state.secret("default", "shop-cert");
    assertThat(secret).isNotNull();
    return secret;
  }

  private HostResult translate() {
    return translator.translate("shop.example.com", state);
  }

  @Test
  void theLastValidPairOfABrokenSecretIsServed() {
    var valid = translate().certificate().orElseThrow();
    var good = secret();
    var broken = Map.of("tls.crt", SecretBytes.of(new byte[] {1}));
    state.put(new SecretResource(good.meta(), good.type(), broken).withLastValid(good.data()));
    var result = translate();
    assertThat(result.certificate()).contains(valid);
    assertThat(result.host().orElseThrow().tls()).isEqualTo("default/shop-cert (last valid)");
    assertThat(result.findings())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.message())
                    .isEqualTo(
                        "Secret default/shop-cert: has no tls.key; its last valid one is shown"));
  }

  @Test
  void aRotatedSecretIsReadAnew() {
    var before = translate().certificate().orElseThrow();
    var other =
        TestCertificates.fillIn(MANIFEST.replace(" shop.example.com}\"", " *.example.com}\""));
    new ManifestReader()
        .read("in.yaml", other.getBytes(StandardCharsets.UTF_8))
        .objects()
        .forEach(object -> state.put(object.resource()));
    var after = translate().certificate().orElseThrow();
    assertThat(after).isNotEqualTo(before);
    assertThat(after.names()).containsExactly("*.example.com");
  }

  @Test
  void aDeletedSecretMeansTheDefaultCertificate() {
    translate();
    state.remove(secret().key());
    var result = translate();
    assertThat(result.certificate()).isEmpty();
    assertThat(result.host().orElseThrow().tls()).isEqualTo("default certificate");
  }

  @Test
  void nothingOfADeletedSecretIsKept() {
    translate();
    var record = new WeakReference<>(secret());
    state.remove(new ObjectKey(Kind.SECRET, "default", "shop-cert"));
    await()
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(record.get()).isNull();
            });
  }

  @Test
  void everythingThatAHostReadIsRecordedAbsentThingsToo() {
    var view = new RecordingView(state);
    translator.translate("shop.example.com", view);
    assertThat(view.dependencies())
        .contains(
            new Dependency.OnHost("shop.example.com"),
            new Dependency.OnHost("*.example.com"),
            new Dependency.OnObject(new ObjectKey(Kind.SECRET, "default", "shop-cert")),
            new Dependency.OnObject(new ObjectKey(Kind.NAMESPACE, "", "default")),
            new Dependency.OnSetting("ssl-redirect"),
            new Dependency.OnSetting("proxy-body-size"),
            new Dependency.OnSetting("global-auth-url"));
  }
}
