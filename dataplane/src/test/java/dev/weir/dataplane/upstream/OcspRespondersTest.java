package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OcspRespondersTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final byte[] QUESTION = "question".getBytes(StandardCharsets.US_ASCII);

  /** Answers one request with these bytes, and waits with the end of the connection if it stays. */
  private static final class Server implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final CompletableFuture<String> received = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    Server(String reply, boolean stays) throws IOException {
      Thread.ofVirtual()
          .start(
              () -> {
                try (var client = socket.accept()) {
                  var in = client.getInputStream();
                  var text = new StringBuilder();
                  while (!text.toString().endsWith("question")) {
                    text.append((char) in.read());
                  }
                  received.complete(text.toString());
                  client.getOutputStream().write(reply.getBytes(StandardCharsets.US_ASCII));
                  if (stays) {
                    over.join();
                  }
                } catch (IOException e) {
                  received.completeExceptionally(e);
                }
              });
    }

    URI uri(String host) {
      return URI.create("http://" + host + ":" + socket.getLocalPort() + "/ask?x=1");
    }

    @Override
    public void close() throws IOException {
      over.complete(null);
      socket.close();
    }
  }

  @Test
  void theQuestionIsPostedAndTheBodyComesBack() throws Exception {
    try (var server = new Server("HTTP/1.1 200 OK\r\nServer: x\r\n\r\nreply", false)) {
      var reply = new OcspResponders(true, LONG).ask(server.uri("127.0.0.1"), QUESTION);
      assertThat(reply).asString().isEqualTo("reply");
      assertThat(server.received.get())
          .startsWith("POST /ask?x=1 HTTP/1.0\r\nHost: 127.0.0.1:")
          .contains("\r\nContent-Type: application/ocsp-request\r\n")
          .endsWith("\r\nContent-Length: 8\r\n\r\nquestion");
    }
  }

  @Test
  void aWholeReplyIsEnoughWhereTheConnectionStays() throws Exception {
    try (var server = new Server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nreply", true)) {
      assertThat(new OcspResponders(true, LONG).ask(server.uri("127.0.0.1"), QUESTION))
          .asString()
          .isEqualTo("reply");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\n\r\n",
        "HTTP/1.1 500 \u001b[31m\u0007\r\n\r\n",
        "HTTP/1.1 \u001b[31m\r\n\r\n",
        "SSH-2.0-x\r\n",
        "",
      })
  void whatIsNoReplyIsRefused(String bytes) throws Exception {
    try (var server = new Server(bytes, false)) {
      assertThatThrownBy(
              () -> new OcspResponders(true, LONG).ask(server.uri("127.0.0.1"), QUESTION))
          .isInstanceOf(IOException.class)
          .satisfies(e -> assertThat(e.getMessage()).matches("[ -~]*"));
    }
  }

  @Test
  void aReplyWithoutEndIsCutOff() throws Exception {
    try (var server = new Server("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(100_000), true)) {
      assertThatThrownBy(
              () -> new OcspResponders(true, LONG).ask(server.uri("127.0.0.1"), QUESTION))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("longer than");
    }
  }

  @Test
  void aResponderThatTakesItsTimeIsGivenUp() throws Exception {
    try (var server = new Server("HTTP/1.1 200 OK\r\n\r\nre", true)) {
      assertThatThrownBy(
              () ->
                  new OcspResponders(true, Duration.ofMillis(200))
                      .ask(server.uri("127.0.0.1"), QUESTION))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aReplyInPiecesIsPutTogetherAndOneThatIsCutOffIsRefused() throws Exception {
    var body = "x".repeat(40_000);
    try (var whole = new Server("HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n" + body, true);
        var cut = new Server("HTTP/1.1 200 OK\r\nContent-Length: 40001\r\n\r\n" + body, false)) {
      var responders = new OcspResponders(true, LONG);
      assertThat(responders.ask(whole.uri("127.0.0.1"), QUESTION)).hasSize(40_000);
      assertThatThrownBy(() -> responders.ask(cut.uri("127.0.0.1"), QUESTION))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ends before its length");
    }
  }

  @Test
  void thisMachinesOwnAddressesAreNotCalled() throws Exception {
    for (var card : NetworkInterface.networkInterfaces().toList()) {
      for (var address : card.inetAddresses().toList()) {
        var text = address.getHostAddress().replaceFirst("%.*", "");
        var host = address instanceof Inet6Address ? "[" + text + "]" : text;
        assertThatThrownBy(
                () ->
                    new OcspResponders(false, LONG)
                        .ask(URI.create("http://" + host + "/"), QUESTION))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("no address that may be called");
      }
    }
  }

  @Test
  void onlyThePortOfHttpIsCalled() {
    assertThatThrownBy(
            () ->
                new OcspResponders(false, LONG).ask(URI.create("http://192.0.2.1:8080/"), QUESTION))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("port 80");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "localhost", "[::1]", "169.254.169.254", "0.0.0.0", "[::7f00:1]"})
  void nobodyIsMadeToCallThisMachineOrItsCloud(String host) throws Exception {
    try (var server = new Server("HTTP/1.1 200 OK\r\n\r\nreply", false)) {
      assertThatThrownBy(() -> new OcspResponders(false, LONG).ask(server.uri(host), QUESTION))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no address that may be called");
      assertThat(server.received).isNotDone();
    }
  }
}
