package dev.weir.controller.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.translate.HostTranslator;
import dev.weir.controller.translate.IngressReview;
import dev.weir.controller.translate.TranslateOptions;
import dev.weir.dataplane.telemetry.AdmissionMetrics;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The webhook's port over TLS, with a cluster that may keep whoever asks it waiting. */
class AdmissionServerTest {
  private static final String UNCHECKED = "not checked by weir: ";

  @TempDir private Path folder;

  private final ClusterState state = new ClusterState(null);
  private final AtomicInteger asking = new AtomicInteger();
  private volatile CountDownLatch hold = new CountDownLatch(0);
  private volatile boolean broken;
  private AdmissionServer server;
  private Questioner questioner;

  @BeforeEach
  void start() throws IOException {
    TestPair.of("first.test").write(folder);
    server = open(patient());
    questioner = new Questioner(server.address());
  }

  @AfterEach
  void close() {
    hold.countDown();
    questioner.close();
    server.close();
  }

  /** Starts it anew. */
  private void start(AdmissionServer.Limits limits) throws IOException {
    close();
    server = open(limits);
    questioner = new Questioner(server.address());
  }

  private AdmissionServer open(AdmissionServer.Limits limits) throws IOException {
    return AdmissionServer.start(
        new AdmissionServer.Place(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            folder.resolve("cert"),
            folder.resolve("key")),
        new Reviewer(
            new IngressReview(new HostTranslator(TranslateOptions.DEFAULT)),
            this::cluster,
            Clock.systemUTC()),
        new AdmissionMetrics(TelemetrySettings.DEFAULT.identity(), Clock.systemUTC()),
        limits);
  }

  private Optional<ClusterView> cluster() {
    if (Thread.currentThread().getName().startsWith("weir-webhook")) {
      return Optional.empty(); // no warm-up
    }
    asking.incrementAndGet();
    if (broken) {
      throw new IllegalStateException("for this test");
    }
    try {
      hold.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.of(state);
  }

  private static AdmissionServer.Limits limits(Duration answer, int waiting, int bytes) {
    return new AdmissionServer.Limits(answer, waiting, bytes, Duration.ofMillis(20));
  }

  private static AdmissionServer.Limits patient() {
    return limits(Duration.ofMinutes(1), 64, 12 << 20);
  }

  @Test
  void anAnswerIsAnAdmissionReviewWithTheUidOfTheQuestion() throws Exception {
    var reply = questioner.ask(Questions.create("shop", "u-1"));
    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(reply.body())
        .isEqualTo(
            "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"response\":"
                + "{\"uid\":\"u-1\",\"allowed\":true}}");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /networking/v1/ingresses, 405",
    "PUT, /networking/v1/ingresses, 405",
    "POST, /, 404",
    "POST, /networking/v1/ingresses/, 404",
    "POST, /healthz, 404",
  })
  void nothingElseIsAnswered(String method, String path, int status) throws Exception {
    assertThat(questioner.send(method, path, Questions.create("shop", "u")).statusCode())
        .isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"kind\":\"AdmissionReview\"}",
        "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"request\":{\"uid\":\"u\"}}",
        "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\"}",
        "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{}}",
        "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":7}",
        "{\"request\":{\"uid\":\"u\",\"object\":{\"a\":",
      })
  void whatIsNoQuestionIsABadRequest(String body) throws Exception {
    assertThat(questioner.ask(body).statusCode()).isEqualTo(400);
  }

  @Test
  void aTextThatIsFarTooLongForWhatIsReadIsABadRequest() throws Exception {
    start(patient());
    assertThat(questioner.ask(Questions.create("shop", "u".repeat(100_000))).statusCode())
        .isEqualTo(400);
  }

  @Test
  void anObjectThatIsNoKubernetesObjectIsAllowed() throws Exception {
    for (var object :
        List.of("{}", "{\"kind\":7}", "{\"a\":".repeat(300) + "1" + "}".repeat(300))) {
      assertThat(questioner.ask(Questions.of("u", "CREATE", object)).body())
          .contains("\"allowed\":true", UNCHECKED + "the object can't be understood");
    }
  }

  @Test
  void aTreeThatWouldNotFitIsNotGrown() throws Exception {
    var object = "{\"spec\":[" + "[],".repeat(400_000) + "[]]}";
    assertThat(questioner.ask(Questions.of("u", "CREATE", object)).body())
        .contains("\"allowed\":true", UNCHECKED + "the object can't be understood");
  }

  @Test
  void aBodyOfNineMegabytesIsReadAndALongerOneIs413() throws Exception {
    var filler = "x".repeat(8 << 20);
    assertThat(questioner.ask(Questions.create("shop", "u", filler)).statusCode()).isEqualTo(200);
    var longer = Questions.create("shop", "u", "x".repeat(9 << 20));
    assertThat(questioner.ask(longer).statusCode()).isEqualTo(413);
    assertThat(questioner.askChunked(longer).statusCode()).isEqualTo(413);
    assertThat(questioner.ask(Questions.create("shop", "u")).statusCode()).isEqualTo(200);
  }

  @Test
  void moreQuestionsThanFitAreAllowedUncheckedAtOnce() throws Exception {
    start(limits(Duration.ofMinutes(1), 3, 12 << 20));
    hold = new CountDownLatch(1);
    var waiting = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    // Two are decided, three wait.
    for (int i = 0; i < 2; i++) {
      waiting.add(questioner.askLater(Questions.create("shop", "w" + i)));
    }
    await().until(() -> asking.get() == 2);
    for (int i = 2; i < 12; i++) {
      waiting.add(questioner.askLater(Questions.create("shop", "w" + i)));
    }
    await().until(() -> waiting.stream().filter(CompletableFuture::isDone).count() == 7);
    hold.countDown();
    var answers = waiting.stream().map(later -> later.join().body()).toList();
    assertThat(answers).allMatch(answer -> answer.contains("\"allowed\":true"));
    assertThat(answers)
        .filteredOn(answer -> answer.contains(UNCHECKED + "too many questions at once"))
        .hasSize(7);
  }

  @Test
  void bodiesThatDoNotFitIntoMemoryAreAllowedUnread() throws Exception {
    start(limits(Duration.ofSeconds(1), 64, 1000));
    hold = new CountDownLatch(1);
    var first = questioner.askLater(Questions.create("shop", "w", "x".repeat(2000)));
    await().until(() -> asking.get() == 1);
    var second = questioner.ask(Questions.create("shop", "u-2", "x".repeat(100_000)));
    assertThat(second.body())
        .contains("\"uid\":\"u-2\"", "\"allowed\":true", UNCHECKED + "too many questions at once");
    hold.countDown();
    assertThat(first.join().statusCode()).isEqualTo(200);
  }

  @Test
  void anAnswerThatTakesTooLongIsAllowedUnchecked() throws Exception {
    start(limits(Duration.ofMillis(100), 64, 12 << 20));
    hold = new CountDownLatch(1);
    assertThat(questioner.ask(Questions.create("shop", "u")).body())
        .contains("\"allowed\":true", UNCHECKED + "it took longer than 100 ms");
  }

  @Test
  void whoeverWaitsForLessThanThatIsAllowedInTime() throws Exception {
    hold = new CountDownLatch(1);
    var path = AdmissionServer.PATH + "?timeout=1s";
    assertThat(questioner.send("POST", path, Questions.create("shop", "u")).body())
        .contains("\"allowed\":true", UNCHECKED + "it took longer than 750 ms");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?timeout",
        "?timeout=",
        "?timeout=0s",
        "?timeout=x",
        "?a=1s&timeout=99999999999s"
      })
  void aTimeThatIsNoneIsIgnored(String query) throws Exception {
    var path = AdmissionServer.PATH + query;
    assertThat(questioner.send("POST", path, Questions.create("shop", "u")).body())
        .contains("\"allowed\":true}");
  }

  @Test
  void aDefectOfOursAllowsUnchecked() throws Exception {
    broken = true;
    assertThat(questioner.ask(Questions.create("shop", "u")).body())
        .contains("\"allowed\":true", UNCHECKED + "it failed, see its log");
  }

  @Test
  void handshakesFailUntilThereIsACertificateAndSeeANewOneFromThenOn() throws Exception {
    Files.delete(folder.resolve("cert"));
    start(patient());
    assertThatThrownBy(() -> questioner.ask(Questions.create("shop", "u")))
        .isInstanceOf(IOException.class);
    TestPair.of("second.test").write(folder);
    await().until(() -> shown().equals(List.of("second.test")));
    assertThat(questioner.ask(Questions.create("shop", "u")).statusCode()).isEqualTo(200);
    TestPair.of("third.test").write(folder);
    await().until(() -> shown().equals(List.of("third.test")));
  }

  @Test
  void halvesThatDoNotBelongTogetherLeaveThePairBeforeThem() throws Exception {
    Files.writeString(folder.resolve("key"), TestPair.of("other.test").key());
    assertThat(shown()).isEqualTo(List.of("first.test"));
    Files.writeString(folder.resolve("cert"), "no PEM");
    assertThat(shown()).isEqualTo(List.of("first.test"));
    Files.delete(folder.resolve("key"));
    assertThat(questioner.ask(Questions.create("shop", "u")).statusCode()).isEqualTo(200);
    TestPair.of("fourth.test").write(folder);
    await().until(() -> shown().equals(List.of("fourth.test")));
  }

  /** The names in the certificate that a new handshake sees; none if it fails. */
  private List<String> shown() {
    return Questioner.names(server.address());
  }
}
