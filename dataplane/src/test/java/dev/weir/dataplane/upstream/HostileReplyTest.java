package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a backend sends as bytes ({@code ~} is CR LF, {@code $} the end, {@code !} a reset; without
 * either the connection stays open), what the listener hears, and whether the connection carries
 * the next request.
 */
class HostileReplyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET  | HTTP/1.1 200 OK~Content-Length: 2~~hi                      | hi                  |"
            + " yes",
        "GET  | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~hi~0~~       | hi                  |"
            + " yes",
        "GET  | HTTP/1.1 103 E~~HTTP/1.1 200 OK~Content-Length: 2~~hi      | hi                  |"
            + " yes",
        "GET  | HTTP/1.1 200 OK~Content-Length: 2~~hi$                     | hi                  |"
            + " no",
        "GET  | HTTP/1.1 200 OK~~hi$                                       | hi                  |"
            + " no",
        "GET  | HTTP/1.0 200 OK~Content-Length: 2~~hi                      | hi                  |"
            + " no",
        "GET  | HTTP/1.1 200 OK~Connection: close~Content-Length: 2~~hi    | hi                  |"
            + " no",
        "GET  | HTTP/1.1 200 OK~Content-Length: 2~~hi+extra                | hi                  |"
            + " no",
        "GET  | HTTP/1.1 200 OK~Content-Length: 0~~HTTP/1.1 200 OK~Content-Length: 4~~evil | '' |"
            + " no",
        "HEAD | HTTP/1.1 200 OK~Content-Length: 2~~hi                      | ''                  |"
            + " no",
        "HEAD | HTTP/1.1 200 OK~Content-Length: 2~~                        | ''                  |"
            + " yes",
        "GET  | HTTP/1.1 204 No~~hi                                        | ''                  |"
            + " no",
        "GET  | HTTP/1.1 304 No~Content-Length: 2~~hi                      | ''                  |"
            + " no",
        "GET  | $                                                          | CLOSED_BEFORE_REPLY |"
            + " no",
        "GET  | !                                                          | CLOSED_BEFORE_REPLY |"
            + " no",
        "GET  | HTTP/1.1 20$                                               | CLOSED_IN_REPLY     |"
            + " no",
        "GET  | HTTP/1.1 100 Continue~~$                                   | CLOSED_IN_REPLY     |"
            + " no",
        "GET  | HTTP/1.1 200 OK~Content-Length: 5~~hi$                     | CLOSED_IN_REPLY     |"
            + " no",
        "GET  | HTTP/1.1 200 OK~Content-Length: 5~~hi!                     | CLOSED_IN_REPLY     |"
            + " no",
        "GET  | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~hi~$         | CLOSED_IN_REPLY     |"
            + " no",
        "GET  | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~hi~0~$       | CLOSED_IN_REPLY     |"
            + " no",
        "GET  | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~hi~zz~       | MALFORMED_REPLY     |"
            + " no",
        "GET  | HTTP/1.1 200 OK~Content-Length: 2~Transfer-Encoding: chunked~~2~hi~0~~"
            + " | MALFORMED_REPLY | no",
        "GET  | HTTP/1.1 200 OK~Content-Length: 2~Content-Length: 2~~hi    | MALFORMED_REPLY     |"
            + " no",
        "GET  | HTTP/1.1 200 OK~Content-Length: 1,1~~h                     | MALFORMED_REPLY     |"
            + " no",
        "GET  | HTTP/1.1 200 OK~Transfer-Encoding: gzip~~h                 | MALFORMED_REPLY     |"
            + " no",
        "GET  | HTTP/1.1 99 Low~~                                          | MALFORMED_REPLY     |"
            + " no",
        "GET  | HTTP/9.9 200 OK~~                                          | MALFORMED_REPLY     |"
            + " no",
        "GET  | HTTP/1.1 101 Switch~Upgrade: x~~raw                        | MALFORMED_REPLY     |"
            + " no",
        "GET  | SSH-2.0-OpenSSH~                                           | MALFORMED_REPLY     |"
            + " no",
      })
  void aReply(String method, String reply, String outcome, String reused) throws Exception {
    var text = reply.replace("~", "\r\n");
    RawBackend.Script script =
        peer -> {
          while (peer.readRequest() != null) {
            peer.send(text.replace("$", "").replace("!", ""));
            if (text.endsWith("!")) {
              peer.reset();
            }
            if (text.endsWith("!") || text.endsWith("$")) {
              return;
            }
          }
        };
    try (var backend = new RawBackend(script);
        var fixture = new UpstreamsFixture()) {
      fixture.endpoints(backend.endpoint());
      var request = TestRequest.get("/").with(method);
      for (int i = 0; i < 2; i++) {
        var client = fixture.start(request);
        var stream = client.stream.get();
        assertThat(stream.reused()).isEqualTo(i == 1 && reused.equals("yes"));
        if (outcome.contains("_")) {
          assertThat(client.awaitKind().name()).isEqualTo(outcome);
        } else {
          assertThat(client.await()).isEqualTo(outcome);
        }
        if (reused.equals("no")) {
          await().until(() -> fixture.idle() == 0);
        }
      }
      if (reused.equals("no")) {
        await().until(() -> backend.open() == 0);
      }
    }
  }
}
