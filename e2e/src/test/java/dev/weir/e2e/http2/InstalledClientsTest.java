package dev.weir.e2e.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Commands;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.space.Peers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that others wrote, as they are installed: curl, and nghttp2's nghttp and h2load. */
@TestInstance(Lifecycle.PER_CLASS)
class InstalledClientsTest {
  private static final int REQUESTS = 3000;
  private static final String SHEDDING = "overload: queue delay";
  private static final int UPLOAD = 5 << 20;
  private static final String BODY = "x".repeat(65_536);

  /** For a client that takes it byte by byte. */
  private static final String SHORT_BODY = "x".repeat(16_384);

  private static final String FORBIDDEN =
      "HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\n403 no";
  private static final String USERS =
      """
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: users, namespace: default}
      data: {auth: Zm9vOntQTEFJTn1iYXI=}
      """;
  private static final String VERSION_AND_STATUS = " %{http_version} %{http_code}";

  @TempDir private static Path folder;

  private final Site site =
      Site.of(
          "proxy-body-size: \"0\"",
          Ingress.named("local")
                  .host("localhost")
                  .prefix("/", "echo")
                  .prefix("/sink", "sink")
                  .prefix("/64k", "source")
                  .prefix("/16k", "short")
                  .prefix("/guard", "guard")
                  .yaml()
              + Ingress.named("limited")
                  .setting("proxy-body-size", "1m")
                  .host("localhost")
                  .prefix("/limited", "sink")
                  .yaml()
              + Ingress.named("closed")
                  .setting("auth-type", "basic")
                  .setting("auth-secret", "users")
                  .host("localhost")
                  .prefix("/closed", "sink")
                  .yaml()
              + USERS,
          Backend.echo("echo"),
          Backend.scripted("sink", InstalledClientsTest::count),
          Backend.scripted("guard", Script.saying(FORBIDDEN)),
          Backend.scripted("source", Script.saying(ok(BODY))),
          Backend.scripted("short", Script.saying(ok(SHORT_BODY))));

  @AfterAll
  void close() {
    site.weir().log().expect(SHEDDING);
    site.close();
  }

  private static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private static void count(Script.Call call) throws IOException {
    var text = Long.toString(call.body().transferTo(OutputStream.nullOutputStream()));
    call.write("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
  }

  private String url(String scheme, String path) {
    var weir = site.weir();
    int port = (scheme.equals("https") ? weir.https() : weir.http()).getPort();
    return scheme + "://localhost:" + port + path;
  }

  private static String upload() throws IOException {
    return Files.write(folder.resolve("upload"), new byte[UPLOAD]).toString();
  }

  private static String curl(String option, String... more) {
    var command = new String[more.length + 6];
    System.arraycopy(
        new String[] {"curl", "-sk", "--ipv4", "--write-out", VERSION_AND_STATUS, option},
        0,
        command,
        0,
        6);
    System.arraycopy(more, 0, command, 6, more.length);
    return Commands.run(command);
  }

  @Test
  @Tag(Peers.CURL)
  void curlSpeaksItOverTlsAndWithPriorKnowledge() {
    assertThat(curl("--http2", url("https", "/a"))).startsWith("GET /a HTTP/1.1").endsWith("2 200");
    assertThat(curl("--http2-prior-knowledge", url("http", "/b")))
        .startsWith("GET /b HTTP/1.1")
        .endsWith(" 2 200");
    assertThat(curl("--http1.1", url("https", "/c"))).endsWith(" 1.1 200");
  }

  @Test
  @Tag(Peers.CURL)
  void anUpgradeOfAPlainConnectionIsNotMade() {
    assertThat(curl("--http2", url("http", "/upgrade")))
        .startsWith("GET /upgrade HTTP/1.1")
        .doesNotContainIgnoringCase("http2-settings")
        .endsWith(" 1.1 200");
  }

  @Test
  @Tag(Peers.CURL)
  void curlUploadsAndDownloads() throws IOException {
    var data = "--data-binary";
    assertThat(curl("--http2", data, "@" + upload(), url("https", "/sink")))
        .isEqualTo(UPLOAD + " 2 200");
    assertThat(curl("--http2-prior-knowledge", data, "@" + upload(), url("http", "/sink")))
        .isEqualTo(UPLOAD + " 2 200");
    assertThat(curl("--http2", url("https", "/64k"))).isEqualTo(BODY + " 2 200");
  }

  /** A body limit, a missing password, and a backend that doesn't look at the body. */
  @ParameterizedTest
  @Tag(Peers.CURL)
  @CsvSource({
    "--http2, https, 2",
    "--http2-prior-knowledge, http, 2",
    "--http1.1, https, 1.1",
    "--http1.1, http, 1.1",
  })
  void curlSeesTheReplyToAnUploadThatNobodyWants(String option, String scheme, String version)
      throws IOException {
    var refusals = Map.of("/limited", "413", "/closed", "401", "/guard", "403");
    for (var refusal : refusals.entrySet()) {
      var url = url(scheme, refusal.getKey());
      assertThat(curl(option, "--header", "Expect:", "--data-binary", "@" + upload(), url))
          .contains(refusal.getValue() + " ")
          .endsWith(" " + version + " " + refusal.getValue());
    }
  }

  @Test
  @Tag(Peers.NGHTTP2)
  void nghttpSeesTheReplyToAnUploadThatNobodyWants() throws IOException {
    assertThat(Commands.run("nghttp", "--data=" + upload(), url("http", "/limited")))
        .contains("413 Request Entity Too Large");
  }

  @Test
  @Tag(Peers.NGHTTP2)
  void nghttpSendsBodiesAndTrailers() throws IOException {
    var output =
        Commands.run(
            "nghttp",
            "--no-verify-peer",
            "--data=" + upload(),
            "--trailer=x-t: 1",
            "--padding=50",
            url("https", "/sink"));
    assertThat(output).contains(Integer.toString(UPLOAD));
    assertThat(Commands.run("nghttp", "--data=" + upload(), url("http", "/sink")))
        .contains(Integer.toString(UPLOAD));
  }

  @Test
  @Tag(Peers.NGHTTP2)
  void nghttpReadsRepliesThroughSmallWindows() {
    var output =
        Commands.run("nghttp", "--no-verify-peer", "-w1", "-W10", "--stat", url("https", "/16k"));
    assertThat(output).contains(SHORT_BODY);
  }

  @ParameterizedTest
  @Tag(Peers.NGHTTP2)
  @ValueSource(strings = {"http", "https"})
  void noRequestOfH2loadFails(String scheme) {
    double before = abusePoints();
    load(url(scheme, "/many"));
    load(url(scheme, "/64k"));
    load(url(scheme, "/64k"), "--window-bits=10", "--connection-window-bits=16");
    load(url(scheme, "/sink"), "--data=" + small());
    assertThat(abusePoints() - before).isZero();
  }

  /** What all clients so far were charged for what is not to be done often. */
  private double abusePoints() {
    var text = site.weir().admin("/metrics").text();
    return text.lines()
        .filter(line -> line.startsWith("weir_http2_abuse_points_total{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /** 32 requests in flight on each of 8 connections. */
  private void load(String url, String... options) {
    var command = new ArrayList<>(List.of("h2load", "-n" + REQUESTS, "-c8", "-m32"));
    command.addAll(List.of(options));
    command.add(url);
    var output = Commands.run(command, "");
    assertThat(output)
        .contains("%1$d total, %1$d started, %1$d done, ".formatted(REQUESTS))
        .contains(" 0 errored, 0 timeout");
    // On a machine that is starved requests are shed, as is meant to be; those are replies, too.
    if (site.weir().log().lines(SHEDDING).isEmpty()) {
      assertThat(output).contains(REQUESTS + " succeeded, 0 failed");
    }
  }

  private static String small() {
    try {
      return Files.write(folder.resolve("small"), new byte[10_000]).toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
