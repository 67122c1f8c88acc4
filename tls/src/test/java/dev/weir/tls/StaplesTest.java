package dev.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.tls.OcspQuestion.NoReplyException;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StaplesTest {
  private static final String HOST = "shop.example.com";

  private final OcspAuthority authority = new OcspAuthority();
  private final ServerCertificate certificate = authority.issue(HOST, "http://ocsp.test/ask");
  private final AtomicReference<CertificateTable> table =
      new AtomicReference<>(
          CertificateTable.empty()
              .with(
                  Map.of(HOST, certificate),
                  Set.of(),
                  SelfSignedCertificate.forDefault(Clock.systemUTC())));

  @Test
  void aGoodReplyHoldsUntilItsNextUpdate() throws Exception {
    var now = Instant.now();
    var question = OcspQuestion.about(certificate);
    assertThat(question.responder()).isEqualTo(URI.create("http://ocsp.test/ask"));
    var reply = authority.answer(question.bytes(), OcspAuthority.Kind.GOOD, now);
    assertThat(question.judge(reply, now).until())
        .isBetween(now.plus(Duration.ofMinutes(59)), now.plus(Duration.ofMinutes(61)));
  }

  @ParameterizedTest
  @EnumSource(names = {"GOOD", "DELEGATED"})
  void theIssuerOrItsDelegateMaySign(OcspAuthority.Kind kind) throws Exception {
    var question = OcspQuestion.about(certificate);
    var reply = authority.answer(question.bytes(), kind, Instant.now());
    assertThat(question.judge(reply, Instant.now()).bytes()).isEqualTo(reply);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"GOOD", "DELEGATED"})
  void nothingElseIsShown(OcspAuthority.Kind kind) throws Exception {
    var question = OcspQuestion.about(certificate);
    var reply = authority.answer(question.bytes(), kind, Instant.now());
    assertThatThrownBy(() -> question.judge(reply, Instant.now()))
        .isInstanceOf(NoReplyException.class);
  }

  @Test
  void damagedRepliesAreRefusedAndNothingElse() throws Exception {
    long seed = 20_261_121;
    var random = new java.util.Random(seed);
    var question = OcspQuestion.about(certificate);
    var reply = authority.answer(question.bytes(), OcspAuthority.Kind.GOOD, Instant.now());
    for (int i = 0; i < 500; i++) {
      var damaged = reply.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
      try {
        assertThat(question.judge(damaged, Instant.now()).bytes()).as("seed %d", seed).isNotNull();
      } catch (NoReplyException expected) {
        assertThat(expected.getMessage()).as("seed %d, case %d", seed, i).isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "https://ocsp.test/", "ldap://ocsp.test", "http:///x", "::"})
  void whoNamesNoResponderByHttpHasNoReply(String responder) {
    var without = authority.issue(HOST, responder);
    assertThatThrownBy(() -> OcspQuestion.about(without)).isInstanceOf(NoReplyException.class);
  }

  @Test
  void whoseIssuerIsNotInTheChainHasNoReply() {
    var alone = SelfSignedCertificate.forHost(HOST, Clock.systemUTC());
    assertThatThrownBy(() -> OcspQuestion.about(alone)).isInstanceOf(NoReplyException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aHandshakeNeverWaitsAndLaterOnesAreStapled(String protocol) throws Exception {
    var asked = new Semaphore(0);
    var answered = new Semaphore(0);
    Staples.Responder responder =
        (uri, question) -> {
          asked.release();
          answered.acquireUninterruptibly();
          return authority.answer(question, OcspAuthority.Kind.GOOD, Instant.now());
        };
    try (var staples = new Staples(responder, table::get, Clock.systemUTC());
        var server = server(staples)) {
      staples.wanted(true);
      var client = new TlsClient();
      assertThat(client.shake(server.address(), HOST, protocol).staples()).isEmpty();
      assertThat(asked.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
      answered.release();
      while (staples.of(certificate, HOST) == null) {
        Thread.onSpinWait();
      }
      var stapled = new TlsClient().shake(server.address(), HOST, protocol).staples();
      assertThat(stapled).hasSize(1);
      assertThat(OcspQuestion.about(certificate).judge(stapled.getFirst(), Instant.now()))
          .isNotNull();
      assertThat(asked.availablePermits()).isZero();
      staples.wanted(false);
      assertThat(new TlsClient().shake(server.address(), HOST, protocol).staples()).isEmpty();
    }
  }

  @Test
  void aResponderThatFailsBreaksNoHandshakeAndIsNotAskedByEach() throws Exception {
    var asked = new AtomicInteger();
    Staples.Responder responder =
        (uri, question) -> {
          asked.incrementAndGet();
          throw new IOException("refused");
        };
    try (var staples = new Staples(responder, table::get, Clock.systemUTC());
        var server = server(staples)) {
      staples.wanted(true);
      for (int i = 0; i < 5; i++) {
        assertThat(new TlsClient().shake(server.address(), HOST, "TLSv1.3").staples()).isEmpty();
      }
      assertThat(asked.get()).isLessThanOrEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REVOKED", "UNKNOWN"})
  void aGoodReplyEndsWhenTheResponderDisownsTheCertificate(OcspAuthority.Kind kind)
      throws Exception {
    var says = new AtomicReference<>(OcspAuthority.Kind.GOOD);
    Staples.Responder responder =
        (uri, question) -> authority.answer(question, says.get(), Instant.now());
    try (var threads = new ByHand();
        var staples = new Staples(responder, table::get, Clock.systemUTC(), threads)) {
      staples.wanted(true);
      assertThat(staples.of(certificate, HOST)).isNull();
      threads.runOne();
      assertThat(staples.of(certificate, HOST)).isNotNull();
      says.set(kind);
      threads.runOne();
      assertThat(staples.of(certificate, HOST)).isNull();
      says.set(OcspAuthority.Kind.GOOD);
      threads.runOne();
      assertThat(staples.of(certificate, HOST)).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FORGED", "EXPIRED", "OTHER"})
  void aGoodReplyStaysWhileNothingAuthenticIsSaid(OcspAuthority.Kind kind) throws Exception {
    var says = new AtomicReference<>(OcspAuthority.Kind.GOOD);
    Staples.Responder responder =
        (uri, question) -> authority.answer(question, says.get(), Instant.now());
    try (var threads = new ByHand();
        var staples = new Staples(responder, table::get, Clock.systemUTC(), threads)) {
      staples.wanted(true);
      assertThat(staples.of(certificate, HOST)).isNull();
      threads.runOne();
      says.set(kind);
      threads.runOne();
      assertThat(staples.of(certificate, HOST)).isNotNull();
    }
  }

  @Test
  void aGoodReplyStaysWhileTheResponderIsOutOfReach() throws Exception {
    var asked = new AtomicInteger();
    Staples.Responder responder =
        (uri, question) -> {
          if (asked.incrementAndGet() > 1) {
            throw new IOException("refused");
          }
          return authority.answer(question, OcspAuthority.Kind.GOOD, Instant.now());
        };
    try (var threads = new ByHand();
        var staples = new Staples(responder, table::get, Clock.systemUTC(), threads)) {
      staples.wanted(true);
      assertThat(staples.of(certificate, HOST)).isNull();
      threads.runOne();
      threads.runOne();
      assertThat(asked).hasValue(2);
      assertThat(staples.of(certificate, HOST)).isNotNull();
    }
  }

  @Test
  void whatWasDroppedIsNotRenewedWhenRepliesAreWantedAgain() throws Exception {
    var asked = new AtomicInteger();
    Staples.Responder responder =
        (uri, question) -> {
          asked.incrementAndGet();
          return authority.answer(question, OcspAuthority.Kind.GOOD, Instant.now());
        };
    try (var threads = new ByHand();
        var staples = new Staples(responder, table::get, Clock.systemUTC(), threads)) {
      for (int i = 0; i < 3; i++) {
        staples.wanted(true);
        assertThat(staples.of(certificate, HOST)).isNull();
        staples.wanted(false);
      }
      staples.wanted(true);
      assertThat(staples.of(certificate, HOST)).isNull();
      for (int i = 0; i < 4; i++) {
        threads.runOne();
      }
      assertThat(asked).hasValue(1);
      assertThat(threads.waiting).hasSize(1);
    }
  }

  @Test
  void aSlowResponderHoldsUpNobodyElsesReplies() throws Exception {
    var answered = new Semaphore(0);
    var atOnce = new AtomicInteger();
    var most = new AtomicInteger();
    Staples.Responder responder =
        (uri, question) -> {
          if (uri.getHost().equals("slow.test")) {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            answered.acquireUninterruptibly();
            atOnce.decrementAndGet();
          }
          return authority.answer(question, OcspAuthority.Kind.GOOD, Instant.now());
        };
    var slow = new HashMap<String, ServerCertificate>();
    for (int i = 0; i < 8; i++) {
      slow.put(
          "s" + i + ".example.com", authority.issue("s" + i + ".example.com", "http://slow.test/"));
    }
    table.set(table.get().with(slow, Set.of(), null));
    try (var staples = new Staples(responder, table::get, Clock.systemUTC())) {
      staples.wanted(true);
      slow.forEach((name, one) -> assertThat(staples.of(one, name)).isNull());
      while (staples.of(certificate, HOST) == null) {
        Thread.onSpinWait();
      }
      answered.release(slow.size());
      for (var one : slow.entrySet()) {
        while (staples.of(one.getValue(), one.getKey()) == null) {
          Thread.onSpinWait();
        }
      }
      assertThat(most).hasValue(1);
    }
  }

  /** Runs what is due, and what isn't yet, when the test says so. */
  private static final class ByHand extends ScheduledThreadPoolExecutor {
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    ByHand() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      waiting.add(command);
      return super.schedule(() -> {}, 0, unit);
    }

    void runOne() {
      waiting.remove().run();
    }
  }

  private TlsServer server(Staples staples) throws Exception {
    var usual = TlsPolicy.DEFAULT;
    var policy =
        new TlsPolicy(
            usual.protocols(),
            usual.ciphers(),
            true,
            usual.groups(),
            usual.alpn(),
            usual.sessions(),
            true);
    return new TlsServer(
        ServerTls.create(
            policy,
            new ServerTls.Surroundings(table::get, staples, Clock.systemUTC()),
            SslProvider.OPENSSL_REFCNT));
  }
}
