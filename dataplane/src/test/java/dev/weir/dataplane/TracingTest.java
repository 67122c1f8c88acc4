package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.h2.Http2Client;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.TemplateParser;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.Tracing;
import dev.weir.dataplane.model.TracingSettings;
import dev.weir.testsupport.trace.ReceivedSpan;
import dev.weir.testsupport.trace.TraceCollector;
import dev.weir.testsupport.trace.TraceCollector.Manner;
import dev.weir.testsupport.trace.TraceCollector.Protocol;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Spans of requests, from the client to a collector on a real socket. */
class TracingTest {
  private static final Tracing USUAL = new Tracing(true, Tracing.PATH);
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private static void trace(TestPlane plane, Tracing how, RawBackend... backends) {
    plane.forwardTo(backends);
    plane.route(
        new PathMatch.Prefix("/"),
        new RouteAction.Forward(TestPlane.id("web")),
        List.of(how),
        Timeouts.DEFAULT);
  }

  private static List<ReceivedSpan> spans(TraceCollector collector, int count) {
    await().until(() -> collector.spans().size() >= count);
    return collector.spans();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void aSpanTellsOfItsRequest(Protocol protocol) throws Exception {
    try (var collector = new TraceCollector(protocol, "127.0.0.1");
        var backend = RawBackend.answering("x");
        var plane = new TestPlane();
        var client = plane.client()) {
      plane.settings(TestPlane.exportingTo(collector, protocol, 16, 16));
      trace(plane, new Tracing(true, TemplateParser.parse("$request_method here")), backend);
      long before = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
      client.send("GET /a HTTP/1.1\r\nHost: shop.example.com\r\nUser-Agent: probe\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(200);
      var span = spans(collector, 1).getFirst();
      assertThat(span.name()).isEqualTo("GET here");
      assertThat(span.service()).isEqualTo("shop");
      assertThat(span.scope()).isEqualTo("nginx");
      assertThat(span.kind()).isEqualTo("SPAN_KIND_SERVER");
      assertThat(span.ids().parent()).isEmpty();
      assertThat(span.times().start()).isGreaterThanOrEqualTo(before);
      assertThat(span.times().end()).isGreaterThanOrEqualTo(span.times().start());
      assertThat(span.attributes())
          .containsEntry("http.method", "GET")
          .containsEntry("http.flavor", "1.1")
          .containsEntry("http.target", "/a")
          .containsEntry("http.host", TestPlane.HOST)
          .containsEntry("http.server_name", TestPlane.HOST)
          .containsEntry("http.user_agent", "probe")
          .containsEntry("http.status_code", 200L)
          .containsEntry("http.scheme", "http")
          .containsEntry("net.host.port", (long) plane.port())
          .containsEntry("net.peer.ip", "127.0.0.1")
          .containsEntry("net.peer.port", (long) client.socket().getLocalPort())
          .hasSize(11);
      assertThat(backend.requests().element().field("traceparent"))
          .isEqualTo("00-" + span.ids().trace() + "-" + span.ids().span() + "-01");
    }
  }

  @Test
  void triesOfARequestShareItsSpan() throws Exception {
    try (var collector = new TraceCollector(Protocol.GRPC, "127.0.0.1");
        var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  connection.reply("x");
                  connection.read();
                  connection.resetConnection();
                });
        var plane = new TestPlane();
        var client = plane.client()) {
      plane.settings(TestPlane.exportingTo(collector, Protocol.GRPC, 16, 16));
      trace(plane, USUAL, backend);
      assertThat(client.get("/first").read().status()).isEqualTo(200);
      assertThat(client.get("/second").read().status()).isEqualTo(200);
      var told = backend.requests().stream().map(request -> request.field("traceparent")).toList();
      assertThat(told).hasSize(3);
      assertThat(told.get(1)).isEqualTo(told.get(2)).isNotEqualTo(told.getFirst());
      var spans = spans(collector, 2);
      assertThat(spans).hasSize(2);
      assertThat(told.get(2)).contains(spans.get(1).ids().span());
    }
  }

  @Test
  void requestsOfHttp2ContinueTheirTracesEachByItself() throws Exception {
    try (var collector = new TraceCollector(Protocol.GRPC, "127.0.0.1");
        var backend = RawBackend.answering("x");
        var plane = new TestPlane()) {
      plane.settings(TestPlane.exportingTo(collector, Protocol.GRPC, 16, 16));
      trace(plane, USUAL, backend);
      try (var client = Http2Client.connect(plane.port())) {
        var ids = new ArrayList<Integer>();
        for (int i = 1; i <= 5; i++) {
          ids.add(
              client.request(
                  true,
                  ":method",
                  "GET",
                  ":scheme",
                  "http",
                  ":authority",
                  TestPlane.HOST,
                  ":path",
                  "/" + i,
                  "traceparent",
                  "00-" + TRACE + "-000000000000000" + i + "-01"));
        }
        for (int id : ids) {
          assertThat(client.await(id).status()).isEqualTo(200);
        }
      }
      for (var span : spans(collector, 5)) {
        assertThat(span.ids().trace()).isEqualTo(TRACE);
        assertThat(span.attribute("http.flavor")).isEqualTo("2.0");
        assertThat("/" + Integer.parseInt(span.ids().parent()))
            .isEqualTo(span.attribute("http.target"));
      }
    }
  }

  @Test
  void aClientThatLeavesLeavesASpan() throws Exception {
    try (var collector = new TraceCollector(Protocol.GRPC, "127.0.0.1");
        var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  connection.read();
                });
        var plane = new TestPlane()) {
      plane.settings(TestPlane.exportingTo(collector, Protocol.GRPC, 16, 16));
      trace(plane, USUAL, backend);
      try (var client = plane.client()) {
        client.get("/");
        await().until(() -> backend.requests().size() == 1);
      }
      assertThat(spans(collector, 1).getFirst().attribute("http.status_code")).isEqualTo(499L);
    }
  }

  @Test
  void aCollectorThatHangsCostsSpansAndNoRequest() throws Exception {
    try (var collector = new TraceCollector(Protocol.GRPC, "127.0.0.1");
        var backend = RawBackend.answering("x");
        var plane = new TestPlane();
        var client = plane.client()) {
      collector.behave(Manner.HANGS);
      plane.settings(TestPlane.exportingTo(collector, Protocol.GRPC, 4, 1));
      trace(plane, USUAL, backend);
      assertThat(client.get("/").read().status()).isEqualTo(200);
      await().until(() -> collector.messages() == 1);
      for (int i = 0; i < 50; i++) {
        assertThat(client.get("/").read().status()).isEqualTo(200);
      }
      plane.awaitSpans("dropped", 46);
      assertThat(collector.messages()).isEqualTo(1);
      collector.behave(Manner.ANSWERS);
      plane.awaitSpans("sent", 5);
      assertThat(client.get("/").read().status()).isEqualTo(200);
      plane.awaitSpans("sent", 6);
      plane.awaitSpans("failed", 0);
    }
  }

  @Test
  void aCollectorThatRefusesIsAskedOnceForEachBatch() throws Exception {
    try (var collector = new TraceCollector(Protocol.GRPC, "127.0.0.1");
        var backend = RawBackend.answering("x");
        var plane = new TestPlane();
        var client = plane.client()) {
      collector.behave(Manner.REFUSES);
      plane.settings(TestPlane.exportingTo(collector, Protocol.GRPC, 4, 1));
      trace(plane, USUAL, backend);
      for (int i = 1; i <= 3; i++) {
        assertThat(client.get("/").read().status()).isEqualTo(200);
        plane.awaitSpans("failed", i);
      }
      assertThat(collector.messages()).isEqualTo(3);
      collector.behave(Manner.ANSWERS);
      assertThat(client.get("/").read().status()).isEqualTo(200);
      plane.awaitSpans("sent", 1);
    }
  }

  @Test
  void aCollectorThatIsNotThereIsFoundWhenTheSettingsNameAnother() throws Exception {
    int nobody;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    try (var collector = new TraceCollector(Protocol.HTTP, "127.0.0.1");
        var backend = RawBackend.answering("x");
        var plane = new TestPlane();
        var client = plane.client()) {
      var good = TestPlane.exportingTo(collector, Protocol.HTTP, 4, 1);
      var there = good.tracing();
      plane.settings(
          good.tracing(
              new TracingSettings(
                  new TracingSettings.Collector("127.0.0.1", nobody, there.collector().protocol()),
                  there.service(),
                  there.sampling(),
                  there.batches())));
      trace(plane, USUAL, backend);
      assertThat(client.get("/").read().status()).isEqualTo(200);
      plane.awaitSpans("failed", 1);
      plane.settings(good);
      assertThat(client.get("/").read().status()).isEqualTo(200);
      plane.awaitSpans("sent", 1);
      assertThat(collector.spans()).hasSize(1);
    }
  }

  @Test
  void whatWaitsWhenAllEndsIsSent() throws Exception {
    try (var collector = new TraceCollector(Protocol.GRPC, "127.0.0.1");
        var backend = RawBackend.answering("x")) {
      try (var plane = new TestPlane();
          var client = plane.client()) {
        plane.settings(TestPlane.exportingTo(collector, Protocol.GRPC, 100, 100));
        trace(plane, USUAL, backend);
        for (int i = 0; i < 10; i++) {
          assertThat(client.get("/").read().status()).isEqualTo(200);
        }
      }
      assertThat(collector.spans()).hasSize(10);
    }
  }

  @Test
  void longTextsAreCut() throws Exception {
    try (var collector = new TraceCollector(Protocol.GRPC, "127.0.0.1");
        var backend = RawBackend.answering("x");
        var plane = new TestPlane();
        var client = plane.client()) {
      plane.settings(TestPlane.exportingTo(collector, Protocol.GRPC, 16, 16));
      trace(plane, USUAL, backend);
      assertThat(client.get("/" + "a".repeat(5000)).read().status()).isEqualTo(200);
      assertThat(spans(collector, 1).getFirst().attribute("http.target"))
          .isEqualTo("/" + "a".repeat(1023));
    }
  }
}
