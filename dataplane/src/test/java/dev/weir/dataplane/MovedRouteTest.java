package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.TableChange;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.Tracing;
import dev.weir.dataplane.model.Upstream;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.testsupport.trace.TraceCollector;
import dev.weir.testsupport.trace.TraceCollector.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A route moves from one Service to another, and the first is nobody's any more. */
class MovedRouteTest {
  private static final int CLIENTS = 8;
  private static final int MOVES = 300;

  @Test
  void aRequestThatWasConnectingToTheRemovedUpstreamIsRoutedAnew() throws Exception {
    var over = new AtomicBoolean();
    try (var collector = new TraceCollector(Protocol.GRPC, "127.0.0.1");
        var one = RawBackend.answering("good");
        var two = RawBackend.answering("good");
        var plane = TestPlane.forwardingTo(one);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      plane.settings(TestPlane.exportingTo(collector, Protocol.GRPC, 100_000, 512));
      move(plane, "left", one, "right");
      Callable<Integer> load =
          () -> {
            int requests = 0;
            while (!over.get()) {
              // A new connection each time, so that the upstream is connected to ever again.
              try (var client = plane.client()) {
                var answer = client.get("/x").read();
                assertThat(answer.body()).as("request %d", requests).isEqualTo("good");
                requests++;
              }
            }
            return requests;
          };
      var loads = new ArrayList<Future<Integer>>();
      for (int i = 0; i < CLIENTS; i++) {
        loads.add(threads.submit(load));
      }
      for (int n = 0; n < MOVES; n++) {
        boolean even = n % 2 == 0;
        move(plane, even ? "right" : "left", even ? two : one, even ? "left" : "right");
      }
      over.set(true);
      int requests = 0;
      for (var each : loads) {
        assertThat(each.get()).isPositive();
        requests += each.get();
      }
      // However often a request began anew, it has one span.
      plane.awaitSpans("sent", requests);
      assertThat(collector.spans()).hasSize(requests);
    }
  }

  private static void move(TestPlane plane, String to, RawBackend backend, String from) {
    var pattern = HostPattern.of(TestPlane.HOST);
    var route =
        new Route(
            new PathMatch.Prefix("/"),
            new RouteAction.Forward(TestPlane.id(to)),
            RouteOrigin.NONE,
            List.of(new Tracing(true, Tracing.PATH)),
            Timeouts.DEFAULT,
            RetryPolicy.DEFAULT);
    var upstream =
        new Upstream(
            TestPlane.id(to),
            new Upstream.Target.Endpoints(List.of(backend.endpoint())),
            Upstream.LoadBalancing.ROUND_ROBIN);
    plane
        .plane()
        .apply(
            new TableChange(
                Map.of(pattern, new VirtualHost(pattern, "", List.of(route))),
                Set.of(),
                Map.of(TestPlane.id(to), upstream),
                Set.of(TestPlane.id(from)),
                TableChange.Certificates.NONE,
                Optional.empty()));
  }
}
