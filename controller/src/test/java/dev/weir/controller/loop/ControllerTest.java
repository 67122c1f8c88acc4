package dev.weir.controller.loop;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.Resource;
import dev.weir.controller.resource.SecretBytes;
import dev.weir.controller.resource.Severity;
import dev.weir.controller.source.SourceBatch;
import dev.weir.controller.source.SourceBatch.Change;
import dev.weir.controller.translate.TranslateOptions;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.TableChange;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop on its own thread, with the real translation and a data plane that only counts. */
class ControllerTest {
  private final List<TableChange> applied = Collections.synchronizedList(new ArrayList<>());
  private final List<Long> propagated = Collections.synchronizedList(new ArrayList<>());
  private final List<Finding> appeared = Collections.synchronizedList(new ArrayList<>());
  private final List<Finding> resolved = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean refuse;
  private volatile boolean throwing;
  private Controller controller = controller(Clock.systemUTC());

  private Controller controller(Clock clock) {
    return controller(clock, TranslateOptions.DEFAULT);
  }

  private Controller controller(Clock clock, TranslateOptions options) {
    return new Controller(
        new Translators(options),
        null,
        change -> {
          if (refuse) {
            throw new IllegalStateException("refused");
          }
          applied.add(change);
          return applied.size();
        },
        new ControllerListener() {
          @Override
          public void onApplied(
              TableChange change, TableStats stats, long compileNanos, long applyNanos) {
            if (throwing) {
              throw new AssertionError("a listener's fault");
            }
          }

          @Override
          public void onPropagated(long nanos) {
            propagated.add(nanos);
          }

          @Override
          public void onFindings(FindingChanges changes) {
            if (throwing) {
              throw new IllegalStateException("a listener's fault");
            }
            appeared.addAll(changes.appeared());
            resolved.addAll(changes.resolved());
          }
        },
        clock);
  }

  @BeforeEach
  void start() {
    controller.start();
  }

  @AfterEach
  void stop() {
    controller.close();
  }

  private void send(Change... changes) {
    controller.onBatch(new SourceBatch(List.of(changes), "test", List.of()));
  }

  private static Change put(Resource resource) {
    return new Change.Put(resource);
  }

  private Snapshot snapshot() throws Exception {
    return controller.snapshot().get(60, SECONDS);
  }

  private void startWithShop() {
    send(
        put(Objects.ingressClass()),
        put(ingress("shop", "shop.example.com", "")),
        put(Objects.service("one", "web", 1)),
        put(Objects.endpoints("one", "web-x", "web", List.of("10.0.0.1"))));
    controller.onSynced();
  }

  private static Resource ingress(String name, String host, String secret) {
    return Objects.ingress(
        Objects.meta(Kind.INGRESS, "one", name, 1, 0),
        List.of(Objects.rule(host, "/", "web")),
        secret.isEmpty()
            ? List.of()
            : List.of(new dev.weir.controller.resource.IngressResource.Tls(List.of(host), secret)));
  }

  @Test
  void nothingIsAppliedBeforeEverythingIsKnown() throws Exception {
    send(put(Objects.ingressClass()), put(ingress("shop", "shop.example.com", "")));
    snapshot();
    assertThat(applied).isEmpty();
    assertThat(controller.firstTable()).isNotDone();

    controller.onSynced();
    controller.firstTable().get(60, SECONDS);
    assertThat(applied).hasSize(1);
    assertThat(controller.stats().sizes().hosts()).isEqualTo(2);
  }

  private static Resource inTwo(int age) {
    return Objects.ingress(
        Objects.meta(Kind.INGRESS, "two", "old", 1, age),
        List.of(Objects.rule("shop.example.com", "/", "web")),
        List.of());
  }

  private List<String> origins() throws Exception {
    var host = snapshot().table().hosts().get(HostPattern.of("shop.example.com"));
    return requireNonNull(host).routes().stream().map(route -> route.origin().namespace()).toList();
  }

  @Test
  void anIngressGivesWayAlsoWhenTheEndOfItsNamespaceIsToldFirst() throws Exception {
    startWithShop();
    var namespace = Objects.key(Kind.NAMESPACE, "", "two");
    send(put(Objects.namespace("two", false)), put(inTwo(1000)));
    assertThat(origins()).containsOnly("two");
    send(put(Objects.namespace("two", true)));
    assertThat(origins()).containsOnly("one");

    send(new Change.Remove(namespace));
    assertThat(origins()).containsOnly("one");
    send(new Change.Remove(inTwo(0).key()));
    assertThat(origins()).containsOnly("one");
    // Another of that name is as good as any.
    send(put(inTwo(1000)));
    assertThat(origins()).containsOnly("two");
  }

  @Test
  void anIngressGivesWayAlsoWhenItsNamespaceIsMissingInANewList() throws Exception {
    startWithShop();
    send(put(Objects.namespace("two", true)), put(inTwo(1000)));
    assertThat(origins()).containsOnly("one");
    send(new Change.Replace(Kind.NAMESPACE, "", List.of()));
    send(new Change.Remove(Objects.key(Kind.NAMESPACE, "", "two")));
    assertThat(origins()).containsOnly("one");
    send(new Change.Remove(inTwo(0).key()));
    send(put(inTwo(1000)));
    assertThat(origins()).containsOnly("two");
  }

  @Test
  void anEmptyClusterHasATableToo() throws Exception {
    controller.onSynced();
    var stats = controller.firstTable().get(60, SECONDS);
    assertThat(stats.version()).isEqualTo(1);
    assertThat(snapshot().table().hosts()).containsOnlyKeys(HostPattern.of(""));
  }

  @Test
  void aListReplacesAKindWithoutTouchingWhatStayed() throws Exception {
    startWithShop();
    send(put(ingress("gone", "gone.example.com", "")));
    snapshot();
    int before = applied.size();

    send(new Change.Replace(Kind.INGRESS, "", List.of(ingress("shop", "shop.example.com", ""))));
    assertThat(snapshot().table().hosts())
        .containsOnlyKeys(HostPattern.of("shop.example.com"), HostPattern.of(""));
    assertThat(applied).hasSize(before + 1);
    assertThat(applied.getLast().hosts()).isEmpty();
    assertThat(applied.getLast().removedHosts()).containsOnly(HostPattern.of("gone.example.com"));
  }

  @Test
  void aListOfOneNamespaceLeavesTheOthersAlone() throws Exception {
    startWithShop();
    send(new Change.Replace(Kind.INGRESS, "two", List.of()));
    assertThat(snapshot().table().hosts()).containsKey(HostPattern.of("shop.example.com"));
  }

  @Test
  void aListThatChangesNothingAppliesNothing() throws Exception {
    startWithShop();
    snapshot();
    int before = applied.size();
    send(new Change.Replace(Kind.INGRESS, "", List.of(ingress("shop", "shop.example.com", ""))));
    snapshot();
    assertThat(applied).hasSize(before);
  }

  @Test
  void aChangeThatCouldNotBeAppliedIsPartOfTheNext() throws Exception {
    startWithShop();
    snapshot();
    refuse = true;
    send(put(ingress("second", "second.example.com", "")));
    assertThat(snapshot().table().hosts()).doesNotContainKey(HostPattern.of("second.example.com"));
    assertThat(controller.stats().lastSucceeded()).isFalse();
    assertThat(controller.stats().failures()).isPositive();

    refuse = false;
    send(put(ingress("third", "third.example.com", "")));
    assertThat(snapshot().table().hosts())
        .containsKeys(HostPattern.of("second.example.com"), HostPattern.of("third.example.com"));
    assertThat(controller.stats().lastSucceeded()).isTrue();
  }

  @Test
  void aChangeThatCouldNotBeAppliedAndIsTakenBackIsNoLongerAFailure() throws Exception {
    startWithShop();
    snapshot();
    refuse = true;
    send(put(ingress("second", "second.example.com", "")));
    snapshot();
    assertThat(controller.stats().lastSucceeded()).isFalse();

    send(new Change.Remove(ingress("second", "second.example.com", "").key()));
    snapshot();
    assertThat(controller.stats().lastSucceeded()).isTrue();
  }

  @Test
  void howLongAChangeTookIsToldAfterTheFirstTableAndNotOfWhatChangesNothing() throws Exception {
    startWithShop();
    snapshot();
    assertThat(propagated).isEmpty();
    send(put(ingress("shop", "shop.example.com", "")));
    snapshot();
    assertThat(propagated).isEmpty();
    send(put(ingress("second", "second.example.com", "")));
    snapshot();
    assertThat(propagated).hasSize(1).allMatch(nanos -> nanos >= 0);
  }

  @Test
  void aListenerThatThrowsHoldsNothingUp() throws Exception {
    startWithShop();
    snapshot();
    throwing = true;
    send(put(ingress("second", "second.example.com", "missing")));
    assertThat(snapshot().table().hosts()).containsKey(HostPattern.of("second.example.com"));
    assertThat(controller.stats().lastSucceeded()).isTrue();

    throwing = false;
    send(put(ingress("third", "third.example.com", "")));
    assertThat(snapshot().table().hosts()).containsKey(HostPattern.of("third.example.com"));
  }

  @Test
  void findingsAppearOnceAndAreResolvedOnce() throws Exception {
    startWithShop();
    snapshot();
    assertThat(appeared).isEmpty();
    send(put(ingress("shop", "shop.example.com", "missing")));
    assertThat(snapshot().findings()).isNotEmpty();
    assertThat(appeared).isNotEmpty().allMatch(f -> f.text().contains("missing"));
    int count = appeared.size();

    send(put(Objects.tlsSecret("one", "missing", 1, Objects.pair("shop.example.com"))));
    assertThat(snapshot().findings()).isEmpty();
    assertThat(appeared).hasSize(count);
    assertThat(resolved).hasSize(count);
  }

  @Test
  void aCertificateThatAnUpdateBreaksIsServedOnUntilItsSecretGoes() throws Exception {
    startWithShop();
    send(
        put(ingress("shop", "shop.example.com", "cert")),
        put(Objects.tlsSecret("one", "cert", 1, Objects.pair("shop.example.com"))));
    var served = snapshot().table().certificates().get(HostPattern.of("shop.example.com"));
    assertThat(served).isNotNull();

    for (var broken :
        List.of(Map.of("tls.crt", SecretBytes.of(new byte[] {1})), Map.<String, SecretBytes>of())) {
      send(put(Objects.tlsSecret("one", "cert", 1, broken)));
      assertThat(snapshot().table().certificates())
          .containsEntry(HostPattern.of("shop.example.com"), served);
      assertThat(snapshot().findings()).isNotEmpty();
    }

    // A list that repeats what is known changes nothing.
    var same = Objects.tlsSecret("one", "cert", 1, Map.of());
    send(new Change.Replace(Kind.SECRET, "", List.of(same)));
    send(put(ingress("shop", "shop.example.com", "")));
    send(put(ingress("shop", "shop.example.com", "cert")));
    assertThat(snapshot().table().certificates())
        .containsEntry(HostPattern.of("shop.example.com"), served);

    // The same name with another UID is another Secret; nothing of the old one carries over.
    send(put(Objects.tlsSecret("one", "cert", 2, Map.of())));
    assertThat(snapshot().table().certificates()).isEmpty();
  }

  @Test
  void certificatesThatExpireSoonAreWarnedOf() throws Exception {
    controller.close();
    controller = controller(Clock.offset(Clock.systemUTC(), Duration.ofDays(360)));
    controller.start();
    startWithShop();
    send(
        put(ingress("shop", "shop.example.com", "cert")),
        put(Objects.tlsSecret("one", "cert", 1, Objects.pair("shop.example.com"))));
    assertThat(snapshot().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.WARNING);
              assertThat(finding.text()).contains("Secret one/cert").contains("expires at");
            });
  }

  @Test
  void aDefaultCertificateThatHasExpiredIsAnError() throws Exception {
    controller.close();
    var none = TranslateOptions.References.NONE;
    var references =
        new TranslateOptions.References(
            none.settings(),
            none.defaultBackend(),
            Optional.of(new ObjectKey(Kind.SECRET, "one", "default")),
            none.fallbackCertificate());
    var usual = TranslateOptions.DEFAULT;
    var options =
        new TranslateOptions(
            usual.classes(),
            usual.namespaces(),
            references,
            usual.switches(),
            usual.annotationsPrefix(),
            usual.healthCheckPath());
    controller = controller(Clock.offset(Clock.systemUTC(), Duration.ofDays(10_000)), options);
    controller.start();
    startWithShop();
    send(put(Objects.tlsSecret("one", "default", 1, Objects.pair("any.example.com"))));
    assertThat(snapshot().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.ERROR);
              assertThat(finding.text()).contains("Secret one/default").contains("expired at");
            });
  }

  @Test
  void aFileSourcesFindingsStandBesideThoseOfCompiles() throws Exception {
    startWithShop();
    var finding =
        new Finding(
            Severity.ERROR,
            Objects.meta(Kind.INGRESS, "one", "x", 1, 0).ref(),
            "shop.yaml:3:7",
            "not YAML",
            "");
    controller.onBatch(new SourceBatch(List.of(), "shop.yaml", List.of(finding)));
    assertThat(snapshot().findings()).containsExactly(finding);
    controller.onBatch(new SourceBatch(List.of(), "shop.yaml", List.of()));
    assertThat(snapshot().findings()).isEmpty();
    assertThat(Stream.of(resolved).flatMap(List::stream)).containsExactly(finding);
  }
}
