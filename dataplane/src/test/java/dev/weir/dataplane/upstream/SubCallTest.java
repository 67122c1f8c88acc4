package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.codec.Transport;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.SubRequest;
import dev.weir.dataplane.filter.SubRequestHead;
import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.Origin;
import dev.weir.dataplane.model.ProxySettings.Keepalive;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests of our own. */
class SubCallTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** Remembers what it was told. */
  private static final class Heard implements SubRequest.Listener {
    final Queue<String> words = new ConcurrentLinkedQueue<>();

    @Override
    public void onReply(ReplyHead reply) {
      words.add(Integer.toString(reply.status()));
    }

    @Override
    public void onFailure(String why) {
      words.add("failed");
    }

    String only() {
      await().until(() -> !words.isEmpty());
      assertThat(words).hasSize(1);
      return words.element();
    }
  }

  private enum NoFields implements Fields {
    NONE;

    @Override
    public @Nullable String first(String name) {
      return null;
    }

    @Override
    public List<String> all(String name) {
      return List.of();
    }

    @Override
    public boolean contains(String name) {
      return false;
    }

    @Override
    public void forEach(Visitor visitor) {
      // There is none.
    }

    @Override
    public int size() {
      return 0;
    }
  }

  private static SubRequest request(String method, SubRequest.Destination to, Duration whole) {
    return new SubRequest(
        to,
        new SubRequestHead(method, "/check", "auth", NoFields.NONE),
        new HeadEdits(),
        Duration.ofSeconds(5),
        whole);
  }

  private static FilterOutcome.Handle start(
      UpstreamsFixture fixture, SubRequest request, SubRequest.Listener listener) throws Exception {
    var loop = fixture.loops.getFirst();
    return loop.submit(() -> SubCall.start(fixture.upstreams, loop, null, request, listener)).get();
  }

  private static String call(UpstreamsFixture fixture, String method, SubRequest.Destination to)
      throws Exception {
    var heard = new Heard();
    start(fixture, request(method, to, Duration.ofSeconds(10)), heard);
    return heard.only();
  }

  private static SubRequest.Destination origin(RawBackend backend, @Nullable Keepalive keepalive) {
    return new SubRequest.ToOrigin(new Origin(false, "127.0.0.1", backend.port(), keepalive));
  }

  @Test
  void connectionsToAnOriginAreKeptUnlessItSaysOtherwise() throws Exception {
    try (var backend = RawBackend.saying("ok");
        var fixture = new UpstreamsFixture()) {
      for (int i = 0; i < 3; i++) {
        assertThat(call(fixture, "GET", origin(backend, null))).isEqualTo("200");
        await().until(() -> fixture.idle() == 1);
      }
      assertThat(backend.accepted()).isEqualTo(1);
      var none = new Keepalive(0, Duration.ofSeconds(60), 100);
      for (int i = 0; i < 2; i++) {
        assertThat(call(fixture, "GET", origin(backend, none))).isEqualTo("200");
      }
      assertThat(backend.accepted()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @CsvSource({"GET, 200, 2", "HEAD, 200, 2", "POST, failed, 1"})
  void onlyWhatMayHappenTwiceIsSentAgainAfterADeadConnection(
      String method, String outcome, int requests) throws Exception {
    var connections = new AtomicInteger();
    try (var backend =
            new RawBackend(
                peer -> {
                  boolean first = connections.incrementAndGet() == 1;
                  for (int i = 0; peer.readRequest() != null; i++) {
                    if (first && i == 1) {
                      return;
                    }
                    peer.send(method.equals("HEAD") ? OK.replace("ok", "") : OK);
                  }
                });
        var fixture = new UpstreamsFixture()) {
      assertThat(call(fixture, method, origin(backend, null))).isEqualTo("200");
      await().until(() -> fixture.idle() == 1);
      assertThat(call(fixture, method, origin(backend, null))).isEqualTo(outcome);
      assertThat(backend.requests()).isEqualTo(1 + requests);
    }
  }

  @Test
  void aServiceThatSaysNothingInTimeFailsTheCallAndLosesItsConnection() throws Exception {
    var asked = new CountDownLatch(1);
    var gone = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                peer -> {
                  peer.readRequest();
                  asked.countDown();
                  peer.awaitEnd();
                  gone.countDown();
                });
        var fixture = new UpstreamsFixture()) {
      var heard = new Heard();
      start(fixture, request("GET", origin(backend, null), Duration.ofMillis(300)), heard);
      assertThat(heard.only()).isEqualTo("failed");
      asked.await();
      gone.await();
    }
  }

  @Test
  void aCancelledCallTellsNothingAndClosesItsConnection() throws Exception {
    var asked = new CountDownLatch(1);
    var gone = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                peer -> {
                  peer.readRequest();
                  asked.countDown();
                  peer.awaitEnd();
                  gone.countDown();
                });
        var fixture = new UpstreamsFixture()) {
      var heard = new Heard();
      var call =
          start(fixture, request("GET", origin(backend, null), Duration.ofSeconds(60)), heard);
      asked.await();
      fixture.loops.getFirst().submit(call::cancel).get();
      gone.await();
      assertThat(heard.words).isEmpty();
    }
  }

  @Test
  void aBodyThatNeverEndsIsNotWaitedFor() throws Exception {
    var gone = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                peer -> {
                  peer.readRequest();
                  peer.send(
                      "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
                  peer.awaitEnd();
                  gone.countDown();
                });
        var fixture = new UpstreamsFixture()) {
      assertThat(call(fixture, "GET", origin(backend, null))).isEqualTo("403");
      gone.await();
    }
  }

  @Test
  void aNameIsResolvedAndEachOfItsAddressesTried() throws Exception {
    try (var dns = new DnsTestServer();
        var backend = new RawBackend("127.0.0.2", peer -> RawBackend.serveAll(peer, OK));
        var fixture =
            new UpstreamsFixture(
                Transport.best(),
                1,
                new DnsSettings(
                    new SingletonDnsServerAddressStreamProvider(dns.address()),
                    List.of(),
                    1,
                    Duration.ofSeconds(2),
                    DnsSettings.Lifetimes.DEFAULT,
                    true))) {
      dns.answer("auth.example.com", 60, "127.0.0.1", "127.0.0.2");
      var to = new SubRequest.ToOrigin(new Origin(false, "auth.example.com", backend.port(), null));
      for (int i = 0; i < 4; i++) {
        assertThat(call(fixture, "GET", to)).isEqualTo("200");
      }
    }
  }

  @Test
  void whatNobodyListensAtAndWhatDoesNotResolveFails() throws Exception {
    SubRequest.Destination nowhere;
    try (var backend = RawBackend.saying("ok")) {
      nowhere = origin(backend, null);
    }
    try (var fixture = new UpstreamsFixture()) {
      assertThat(call(fixture, "GET", nowhere)).isEqualTo("failed");
      assertThat(call(fixture, "GET", new SubRequest.ToUpstream(UpstreamsFixture.ID)))
          .isEqualTo("failed");
    }
  }
}
