package dev.weir.e2e.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Backends;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.wire.Reply;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a request is tried again and when it must not be. */
@TestInstance(Lifecycle.PER_CLASS)
class RetryTest {
  private final Backends pods = new Backends();
  private final Set<Socket> used = ConcurrentHashMap.newKeySet();
  private final Backend closesReused = Backend.scripted("reused", this::answerOnce);
  private final Backend dies = Backend.scripted("dies", Script.Call::reset);
  private final Site site;

  RetryTest() {
    var good = pods.echo("good");
    var addresses = new ArrayList<>(pods.addresses());
    addresses.add(pods.freeAddress());
    site =
        Site.of(
            "",
            Objects.service("half", addresses, good.port())
                + Objects.ingress("half", "half.test", "half"),
            closesReused,
            dies);
  }

  @AfterAll
  void close() {
    site.close();
    pods.close();
  }

  /** The keep-alive race: the second request on a connection finds it closed. */
  private void answerOnce(Script.Call call) throws IOException {
    if (used.add(call.socket())) {
      call.write("HTTP/1.1 200 OK\r\nX-Backend: reused\r\nContent-Length: 0\r\n\r\n");
    } else {
      call.reset();
    }
  }

  private Reply send(String method, String host, String target, String body) throws IOException {
    try (var wire = site.wire()) {
      return wire.send(
              method
                  + " "
                  + target
                  + " HTTP/1.1\r\nHost: "
                  + host
                  + "\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body)
          .reply(method);
    }
  }

  private long received(Backend backend, String target) {
    return backend.heads().stream().filter(head -> head.target().equals(target)).count();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PATCH"})
  void aRefusedConnectionSendsARequestOfAnyMethodToAnotherEndpoint(String method)
      throws IOException {
    for (int i = 0; i < 6; i++) {
      var reply = send(method, "half.test", "/" + i, "body");

      assertThat(reply.backend()).as(reply.toString()).isEqualTo("good");
      assertThat(reply.echoedBody()).isEqualTo("body");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE"})
  void aReusedConnectionThatDiesIsReplacedForWhatMayHappenTwice(String method) throws IOException {
    assertThat(send("GET", "reused.test", "/warm", "").status()).isEqualTo(200);

    assertThat(send(method, "reused.test", "/again-" + method, "body").status()).isEqualTo(200);
    assertThat(received(closesReused, "/again-" + method)).isLessThanOrEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PATCH", "FROB"})
  void whatMustNotHappenTwiceReachesAnEndpointOnce(String method) throws IOException {
    for (int i = 0; i < 4; i++) {
      var target = "/once-" + method + i;
      assertThat(send("GET", "reused.test", "/warm", "").status()).isEqualTo(200);

      assertThat(send(method, "reused.test", target, "body").status()).isIn(200, 502);
      assertThat(received(closesReused, target)).isEqualTo(1);
    }
  }

  @Test
  void aFreshConnectionThatDiesIsNotTriedAgain() throws IOException {
    assertThat(send("GET", "dies.test", "/fresh", "").status()).isEqualTo(502);
    assertThat(received(dies, "/fresh")).isEqualTo(1);
  }
}
