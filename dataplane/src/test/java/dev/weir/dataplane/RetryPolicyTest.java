package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.RetryPolicy.Condition;
import dev.weir.dataplane.model.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which failures of one endpoint are made up for by another (hardening.md 5.1, {@code
 * proxy-next-upstream}).
 */
class RetryPolicyTest {
  private static final Timeouts SHORT_READ =
      new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(2));

  /** Reads a request, and does nothing or says something that is no good. */
  private static RawBackend failing(String how) throws IOException {
    return new RawBackend(
        connection -> {
          while (connection.read() != null) {
            switch (how) {
              case "reset" -> connection.resetConnection();
              case "close" -> connection.socket().close();
              case "half" -> {
                connection.send("HTTP/1.1 200 OK\r\nContent-Le");
                connection.resetConnection();
              }
              case "hint" -> {
                connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                connection.resetConnection();
              }
              case "silence" -> {}
              case "rubbish" -> connection.send("rubbish\r\n\r\n");
              default -> connection.send("HTTP/1.1 " + how + " x\r\nContent-Length: 2\r\n\r\nno");
            }
          }
        });
  }

  private static Set<Condition> conditions(@Nullable String words) {
    if (words == null) {
      return Set.of();
    }
    var all = EnumSet.noneOf(Condition.class);
    Arrays.stream(words.split(" "))
        .map(word -> Condition.valueOf(word.toUpperCase(Locale.ROOT)))
        .forEach(all::add);
    return all;
  }

  /** What the request that meets the failing endpoint is answered. */
  @ParameterizedTest(name = "{0} {1} with {2}: {3}")
  @CsvSource({
    "GET,     reset,   error timeout,                 200",
    "HEAD,    reset,   error timeout,                 200",
    "PUT,     reset,   error timeout,                 200",
    "DELETE,  close,   error timeout,                 200",
    "OPTIONS, close,   error timeout,                 200",
    "GET,     half,    error timeout,                 200",
    "POST,    reset,   error timeout,                 502",
    "PATCH,   close,   error timeout,                 502",
    "LOCK,    reset,   error timeout,                 502",
    "POST,    reset,   error timeout non_idempotent,  200",
    "GET,     reset,   ,                              502",
    "GET,     reset,   timeout http_502,              502",
    "GET,     hint,    error timeout,                 502",
    "GET,     silence, error timeout,                 200",
    "GET,     silence, error,                         504",
    "POST,    silence, error timeout,                 504",
    "GET,     rubbish, error timeout,                 502",
    "GET,     rubbish, invalid_header,                200",
    "GET,     500,     error timeout,                 500",
    "GET,     500,     http_500,                      200",
    "GET,     502,     http_502,                      200",
    "GET,     503,     http_503,                      200",
    "GET,     504,     http_504,                      200",
    "GET,     503,     http_500,                      503",
    "GET,     403,     http_403,                      200",
    "GET,     404,     http_404,                      200",
    "GET,     429,     http_429,                      200",
    "POST,    503,     http_503,                      503",
    "POST,    503,     http_503 non_idempotent,       200"
  })
  void anotherEndpointMakesUpForAFailureThatThePolicyNames(
      String method, String failure, @Nullable String words, int expected) throws Exception {
    try (var bad = failing(failure);
        var good = RawBackend.answering("good");
        var plane = TestPlane.forwardingTo(bad, good)) {
      plane.forward("web", SHORT_READ, new RetryPolicy(conditions(words), 3, Duration.ZERO));
      int sent = 0;
      int status = 0;
      while (bad.requests().isEmpty()) {
        status = send(plane, method);
        sent++;
      }
      assertThat(status).isEqualTo(expected);
      assertThat(bad.requests()).hasSize(1);
      assertThat(good.requests()).hasSize(expected == 200 ? sent : sent - 1);
      assertThat(good.requests()).allSatisfy(seen -> assertThat(seen.body()).isEqualTo("abc"));
    }
  }

  private static int send(TestPlane plane, String method) throws IOException {
    try (var client = plane.client()) {
      client.send(method + " / HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: 3\r\n\r\nabc");
      var reply = method.equals("HEAD") ? client.readWithoutBody() : client.read();
      return reply.status() == 103 ? client.read().status() : reply.status();
    }
  }

  @Test
  void aRequestIsRepeatedOnceAndTheLastReplyIsPassedOn() throws Exception {
    try (var one = failing("503");
        var two = failing("503");
        var three = failing("503");
        var plane = TestPlane.forwardingTo(one, two, three);
        var client = plane.client()) {
      plane.forward(
          "web", SHORT_READ, new RetryPolicy(Set.of(Condition.HTTP_503), 0, Duration.ZERO));
      var reply = client.get("/").read();
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.body()).isEqualTo("no");
      assertThat(one.requests().size() + two.requests().size() + three.requests().size())
          .isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 1", "2, 0, 2", "0, 0, 2", "3, 1, 1"})
  void triesAndTimeAreLimited(int tries, int nanos, int sent) throws Exception {
    try (var one = failing("503");
        var two = failing("503");
        var plane = TestPlane.forwardingTo(one, two);
        var client = plane.client()) {
      plane.forward(
          "web",
          SHORT_READ,
          new RetryPolicy(Set.of(Condition.HTTP_503), tries, Duration.ofNanos(nanos)));
      assertThat(client.get("/").read().status()).isEqualTo(503);
      assertThat(one.requests().size() + two.requests().size()).isEqualTo(sent);
    }
  }

  @Test
  void theOnlyEndpointIsNotAskedTwice() throws Exception {
    try (var bad = failing("reset");
        var plane = TestPlane.forwardingTo(bad);
        var client = plane.client()) {
      assertThat(client.get("/").read().status()).isEqualTo(502);
      assertThat(bad.requests()).hasSize(1);
    }
  }

  /** F11: after three requests that it did not answer an endpoint is spared, alone it is not. */
  @Test
  void anEndpointThatAnswersNothingIsSparedUnlessItIsTheLast() throws Exception {
    try (var bad = failing("reset");
        var good = RawBackend.answering("good");
        var plane = TestPlane.forwardingTo(bad, good)) {
      int statuses = 0;
      for (int i = 0; i < 40; i++) {
        try (var client = plane.client()) {
          client.send("POST / HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: 0\r\n\r\n");
          statuses += client.read().status() == 502 ? 1 : 0;
        }
      }
      assertThat(bad.requests().size()).isEqualTo(statuses).isBetween(3, 6);
      plane.endpoints("web", java.util.List.of(bad.endpoint()));
      try (var client = plane.client()) {
        assertThat(client.get("/").read().status()).isEqualTo(502);
      }
      assertThat(bad.requests().size()).isEqualTo(statuses + 1);
    }
  }
}
