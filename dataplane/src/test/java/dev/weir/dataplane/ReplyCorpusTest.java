package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.wire.Corpus;
import dev.weir.dataplane.wire.Corpus.Case;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What endpoints may send, through a data plane over sockets: in one write, and byte by byte. After
 * each the client asks once more, and gets nothing but the reply to that.
 */
@Isolated("It reads everything that is logged")
@TestInstance(Lifecycle.PER_CLASS)
class ReplyCorpusTest {
  private static final String H = "Host: shop.example.com\r\n";
  private static final int BYTE_BY_BYTE_BELOW = 600;

  private final Complaints complaints = new Complaints();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private RawBackend backend;
  private TestPlane plane;
  private volatile byte[] reply = {};
  private volatile boolean inOneWrite;
  private volatile boolean ends;
  private volatile String usedFor = "";

  @BeforeAll
  void start() throws Exception {
    backend = new RawBackend(this::serve);
    plane = TestPlane.forwardingTo(backend);
  }

  @AfterAll
  void stop() throws Exception {
    plane.close();
    backend.close();
    assertThat(complaints.all()).isEmpty();
    complaints.close();
  }

  private void serve(RawBackend.Connection connection) throws Exception {
    var name = "connection " + connections.incrementAndGet();
    boolean misused = false;
    try {
      for (var head = connection.readHead(); head != null; head = connection.readHead()) {
        if (!head.requestLine().contains(" /case ")) {
          connection.reply(name);
          continue;
        }
        misused = true;
        open.incrementAndGet();
        usedFor = name;
        if (inOneWrite) {
          connection.send(reply);
        } else {
          for (byte b : reply) {
            connection.send(new byte[] {b});
          }
        }
        if (ends) {
          return;
        }
      }
    } finally {
      if (misused) {
        open.decrementAndGet();
      }
    }
  }

  static List<Case> replies() {
    return Corpus.replies();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("replies")
  void isPassedOnOrRefused(Case given) throws Exception {
    run(given, true);
    if (given.input().length < BYTE_BY_BYTE_BELOW) {
      run(given, false);
    }
  }

  private void run(Case given, boolean whole) throws Exception {
    reply = given.input();
    inOneWrite = whole;
    ends = given.ends();
    open.set(0);
    try (var client = plane.client()) {
      client.send(request(given.asked()));
      boolean usable = given.expects("broken") ? readBroken(client, given) : read(client, given);
      if (given.expects("kept")) {
        var again = usable ? next(client) : null;
        assertThat(again == null ? usedFor : again).isEqualTo(usedFor);
      } else {
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(2))
            .until(() -> open.get() == 0);
        assertThat(usable ? next(client) : "another").isNotEqualTo(usedFor);
      }
    }
    try (var other = plane.client()) {
      assertThat(next(other)).startsWith("connection ");
    }
  }

  private static String next(RawClient client) throws IOException {
    var next = client.get("/next").read();
    assertThat(next.status()).isEqualTo(200);
    return next.body();
  }

  private static String request(String asked) {
    return switch (asked) {
      case "GET" -> "GET /case HTTP/1.1\r\n" + H + "\r\n";
      case "HEAD" -> "HEAD /case HTTP/1.1\r\n" + H + "\r\n";
      case "GET HTTP/1.0" -> "GET /case HTTP/1.0\r\n" + H + "\r\n";
      case "UPGRADE" ->
          "GET /case HTTP/1.1\r\n" + H + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
      default -> throw new AssertionError("unknown request: " + asked);
    };
  }

  /** Whether the connection serves another request. */
  private static boolean read(RawClient client, Case given) throws IOException {
    var got = new StringBuilder();
    boolean usable = true;
    for (int status : given.statuses()) {
      var reply = given.asked().equals("HEAD") ? client.readWithoutBody() : client.read();
      assertThat(reply.status()).isEqualTo(status);
      got.append(reply.statusLine()).append("\r\n");
      reply.fields().forEach(field -> got.append(field).append("\r\n"));
      got.append("\r\n").append(reply.body());
      usable = !reply.field("connection").equals("close") && status != 101;
    }
    if (given.statuses().contains(101)) {
      got.append(client.readToEnd());
    }
    if (!given.output().isEmpty()) {
      assertThat(got.toString()).isEqualTo(given.output());
    }
    if (!usable) {
      assertThat(client.readToEnd()).isEmpty();
    }
    return usable;
  }

  /** Never usable. */
  private static boolean readBroken(RawClient client, Case given) throws IOException {
    var got = client.readToEnd();
    int head = given.output().indexOf("\r\n\r\n") + 4;
    assertThat(got).startsWith(given.output().substring(0, head)).doesNotEndWith("0\r\n\r\n");
    var body = given.output().substring(head);
    var pieces = got.substring(head).replaceAll("(^|\r\n)[0-9a-f]+\r\n|\r\n$", "");
    assertThat(body).startsWith(pieces);
    return false;
  }
}
