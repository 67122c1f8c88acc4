package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.model.AccessLogSettings;
import dev.weir.dataplane.model.LogFormat.Escape;
import dev.weir.dataplane.model.LogFormatParser;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.testsupport.Seed;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines of the access log, byte for byte, of requests and of what is none. */
class LogLinesTest {
  private static final int LONGEST_LINE = 8192;
  private static final int GARBAGE = 200;

  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final RawBackend backend = RawBackend.answering("hello");
  private final TestPlane plane = TestPlane.loggingTo(log);

  LogLinesTest() throws Exception {}

  @BeforeEach
  void route() {
    plane.endpoints("web", List.of(backend.endpoint()));
    plane.route(new PathMatch.Prefix("/"), "web");
  }

  @AfterEach
  void close() throws Exception {
    plane.close();
    backend.close();
  }

  private void format(String format, Escape escape) {
    var parsed = LogFormatParser.parse(format, escape);
    plane.settings(
        TestPlane.settingsWith(new AccessLogSettings(true, false, false, Set.of(), parsed, "")));
  }

  private List<String> lines(int count) {
    await().until(() -> text().lines().count() >= count);
    return text().lines().toList();
  }

  private String text() {
    return log.toString(StandardCharsets.ISO_8859_1);
  }

  private static Arguments value(String format, String request, String line) {
    return Arguments.of(format, Escape.DEFAULT, request, line);
  }

  static List<Arguments> values() {
    var host = "Host: Shop.example.com:80\n";
    return List.of(
        value("$request", "GET /x HTTP/1.1\n" + host, "GET /x HTTP/1.1"),
        value("$request", "GET /x HTTP/1.0\n" + host, "GET /x HTTP/1.0"),
        value(
            "$request|$request_uri",
            "GET http://shop.example.com/x?y HTTP/1.1\nHost: shop.example.com\n",
            "GET http://shop.example.com/x?y HTTP/1.1|/x?y"),
        value(
            "$request_method $uri $args $is_args $query_string",
            "GET /a/../b%20c?d=e HTTP/1.1\n" + host,
            "GET /b%20c d=e ? d=e"),
        value("[$args] [$is_args]", "GET /x? HTTP/1.1\n" + host, "[] []"),
        value("[$args] [$is_args]", "GET /x HTTP/1.1\n" + host, "[-] []"),
        value(
            "$host $http_host $scheme $server_name $remote_addr",
            "GET / HTTP/1.1\n" + host,
            "shop.example.com Shop.example.com:80 http shop.example.com 127.0.0.1"),
        value(
            "$http_x_a|$http_x_b|$http_cookie",
            "GET / HTTP/1.1\nX-A: 1\nx-a: 2\nCookie: a=1\nCookie: b=2\n" + host,
            "1, 2|-|a=1; b=2"),
        value(
            "$cookie_b $cookie_C $cookie_d $arg_B $arg_c",
            "GET /?a=1&b=2%20&bb=3 HTTP/1.1\nCookie: a=1; B=x y\nCookie: c=3; b=4\n" + host,
            "x y 3 - 2%20 -"),
        value("$http_x_a", "GET / HTTP/1.1\nX-A: \"\\\t\u00e9\n" + host, "\\x22\\x5C\\x09\\xE9"),
        Arguments.of(
            "{\"a\":\"$http_x_a\",\"b\":\"$http_x_b\"}",
            Escape.JSON,
            "GET / HTTP/1.1\nX-A: \"\\\t\u00e9\n" + host,
            "{\"a\":\"\\\"\\\\\\t\u00e9\",\"b\":\"\"}"),
        Arguments.of(
            "$http_x_a $http_x_b",
            Escape.NONE,
            "GET / HTTP/1.1\nX-A: \"\\\t\u00e9\n" + host,
            "\"\\\\x09\u00e9 -"),
        value(
            "$remote_user",
            "GET / HTTP/1.1\nAuthorization: bAsIc  dXNlcjpwYXNzOnc= \n" + host,
            "user"),
        value("$remote_user", "GET / HTTP/1.1\nAuthorization: Basic dTo\n" + host, "u"),
        value("$remote_user", "GET / HTTP/1.1\nAuthorization: Basic dTo==\n" + host, "-"),
        value("$remote_user", "GET / HTTP/1.1\nAuthorization: Basic dXNlcg==\n" + host, "-"),
        value("$remote_user", "GET / HTTP/1.1\nAuthorization: Basic !!!!\n" + host, "-"),
        value("$remote_user", "GET / HTTP/1.1\nAuthorization: Bearer dTpw\n" + host, "-"),
        value("$req_id $request_id", "GET / HTTP/1.1\nX-Request-ID: given\n" + host, "given given"),
        value(
            "$upstream_status $upstream_response_length $status [$proxy_upstream_name] $namespace"
                + " $ingress_name $service_name $service_port $location_path",
            "GET / HTTP/1.1\n" + host,
            "200 5 200 [default-web-80] default shop web 80 /"),
        value("$unknown $content_length $content_type", "GET / HTTP/1.1\n" + host, "- - -"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueIsWhatTheRequestHas(String format, Escape escape, String request, String line)
      throws Exception {
    format(format, escape);
    try (var client = plane.client()) {
      client.send(request.replace("\n", "\r\n") + "\r\n");
      client.read();
    }
    assertThat(lines(1)).containsExactly(line);
  }

  @Test
  void anIdOfOurOwnIsThatOfTheUpstream() throws Exception {
    format("$req_id $request_id", Escape.DEFAULT);
    try (var client = plane.client()) {
      client.get("/").read();
    }
    assertThat(lines(1).getFirst()).matches("([0-9a-f]{32}) \\1");
  }

  @Test
  void timesAreOfTheRequest() throws Exception {
    format(
        "$time_local $time_iso8601 $msec $request_time $upstream_response_time"
            + " $upstream_connect_time $upstream_header_time $request_length $upstream_addr",
        Escape.DEFAULT);
    try (var client = plane.client()) {
      client.get("/").read();
    }
    assertThat(lines(1).getFirst())
        .matches(
            "\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000"
                + " \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\+00:00 \\d{10}\\.\\d{3}"
                + " \\d+\\.\\d{3} \\d+\\.\\d{3} \\d+\\.\\d{3} \\d+\\.\\d{3} 42"
                + " 127\\.0\\.0\\.1:\\d+");
  }

  private static Arguments refused(int status, String bytes, String line) {
    return Arguments.of(status, bytes, line);
  }

  static List<Arguments> refusedBytes() {
    var client = "\u0016\u0003\u0001\u0002\u0000";
    return List.of(
        refused(400, client + "\u0001\u00fc\n rest", "\\x16\\x03\\x01\\x02\\x00\\x01\\xFC"),
        refused(400, "GET / HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n", "GET / HTTP/1.1"),
        refused(400, "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1"),
        refused(400, "GET /\u0000 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\\x00 HTTP/1.1"),
        refused(400, "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1"),
        refused(400, "GET /\r\n\r\n", "GET /"),
        refused(505, "GET / HTTP/2.0\r\n\r\n", "GET / HTTP/2.0"),
        refused(400, "GET /\"\\ HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\\x22\\x5C HTTP/1.1"),
        refused(414, "GET /" + "x".repeat(LONGEST_LINE), "GET /" + "x".repeat(LONGEST_LINE - 5)));
  }

  @ParameterizedTest
  @MethodSource("refusedBytes")
  void bytesThatAreNoRequestAreInTheLineAsTheyCame(int status, String bytes, String line)
      throws Exception {
    format("$status \"$request\" $request_length $request_method", Escape.DEFAULT);
    try (var client = plane.client()) {
      client.send(bytes);
      assertThat(client.read().status()).isEqualTo(status);
    }
    assertThat(lines(1)).containsExactly(status + " \"" + line + "\" 0 -");
  }

  @Test
  void plainBytesOnATlsPortAreInTheLine() throws Exception {
    format("$status \"$request\"", Escape.DEFAULT);
    for (var bytes : List.of("GET /x HTTP/1.1\r\nHost: a\r\n\r\n", "\u0001\u0002\r\n")) {
      try (var client = new RawClient(plane.tlsPort())) {
        client.send(bytes);
        assertThat(client.read().status()).isEqualTo(400);
      }
    }
    assertThat(lines(2)).containsExactly("400 \"GET /x HTTP/1.1\"", "400 \"\\x01\\x02\"");
  }

  @Test
  void garbageMakesOneLineWithoutControlBytesForEachConnection() throws Exception {
    long seed = Seed.get();
    System.out.println("LogLinesTest seed " + seed);
    var random = new Random(seed);
    format("<$request>", Escape.DEFAULT);
    for (int i = 0; i < GARBAGE; i++) {
      var bytes = new byte[1 + random.nextInt(600)];
      random.nextBytes(bytes);
      // Whatever it is, a head never holds this.
      bytes[bytes.length - 1] = 0;
      try (var client = plane.client()) {
        client.send(bytes);
        assertThat(client.read().status()).isGreaterThanOrEqualTo(400);
      }
    }
    var lines = lines(GARBAGE);
    assertThat(lines).hasSize(GARBAGE);
    assertThat(lines).allMatch(line -> line.matches("<([ !#-\\[\\]-~]|\\\\x[0-9A-F]{2})*>"));
  }

  @Test
  void aClientThatLeavesWithoutAReplyGotNoBytesOfTheReplyBefore() throws Exception {
    format("$status $bytes_sent $body_bytes_sent", Escape.DEFAULT);
    RawBackend.Script silence =
        connection -> {
          connection.read();
          connection.read();
        };
    try (var hanging = new RawBackend(silence)) {
      try (var client = plane.client()) {
        client.get("/").read();
        plane.endpoints("hanging", List.of(hanging.endpoint()));
        plane.route(new PathMatch.Exact("/hang"), "hanging");
        client.get("/hang");
        await().until(() -> hanging.requests().size() == 1);
      }
      assertThat(lines(2).get(1)).isEqualTo("499 0 0");
    }
  }
}
