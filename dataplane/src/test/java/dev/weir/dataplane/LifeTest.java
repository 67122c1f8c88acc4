package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.listener.BindFailure;
import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.Listener;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.TableChange;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.Upstream;
import dev.weir.dataplane.model.VirtualHost;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Start, change, drain, end. */
class LifeTest {
  private record Unknown() implements FilterSettings {
    @Override
    public String text() {
      return "unknown";
    }
  }

  @Test
  void aPortInUseSaysWhichAndWhatToDo() throws Exception {
    try (var plane = new TestPlane()) {
      var taken = new Listener("127.0.0.1", plane.port(), false);
      assertThatThrownBy(() -> new TestPlane(taken))
          .isInstanceOf(BindFailure.class)
          .hasMessageContaining("127.0.0.1:" + plane.port())
          .hasMessageContaining("in use")
          .hasMessageContaining("choose another port");
    }
  }

  @Test
  void aChangeThatCannotBeCompiledLeavesTheOldTable() throws Exception {
    try (var backend = RawBackend.answering("web");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      long version = plane.plane().version();
      assertThatThrownBy(
              () ->
                  plane.route(
                      new PathMatch.Prefix("/x"),
                      RouteAction.Respond.notFound(),
                      List.of(new Unknown()),
                      Timeouts.DEFAULT))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(plane.plane().version()).isEqualTo(version);
      assertThat(client.get("/x").read().body()).isEqualTo("web");
    }
  }

  @Test
  void changesUnderLoadFailNoRequestAndCloseNoConnection() throws Exception {
    int clients = 8;
    int requests = 500;
    try (var one = RawBackend.answering("web");
        var two = RawBackend.answering("web");
        var plane = TestPlane.forwardingTo(one);
        var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var usual = ProxySettings.DEFAULT;
      var noLimit =
          new ProxySettings(
              usual.keepAlive(),
              0,
              usual.clientHeader(),
              usual.clientBody(),
              usual.upstream(),
              usual.forwarded(),
              ProxySettings.DEFAULT.accessLog());
      plane.settings(noLimit);
      Callable<Integer> load =
          () -> {
            int good = 0;
            try (var client = plane.client()) {
              for (int i = 0; i < requests; i++) {
                good += client.get("/a/" + i).read().body().equals("web") ? 1 : 0;
              }
            }
            return good;
          };
      var results = new ArrayList<Future<Integer>>();
      for (int i = 0; i < clients; i++) {
        results.add(pool.submit(load));
      }
      var changes = new AtomicInteger();
      Runnable change =
          () -> {
            int n = changes.incrementAndGet();
            var endpoints = n % 2 == 0 ? List.of(one, two) : List.of(n % 4 == 1 ? one : two);
            plane.endpoints("web", endpoints.stream().map(RawBackend::endpoint).toList());
            plane.route(new PathMatch.Prefix("/b" + n % 10), "web");
            plane.settings(noLimit);
          };
      try (var controller = Executors.newSingleThreadScheduledExecutor()) {
        var changing = controller.scheduleAtFixedRate(change, 0, 5, TimeUnit.MILLISECONDS);
        for (var result : results) {
          assertThat(result.get()).isEqualTo(requests);
        }
        changing.cancel(false);
      }
      assertThat(changes.get()).isGreaterThan(10);
      assertThat(plane.plane().table().hosts()).hasSize(1);
    }
  }

  @Test
  void aDrainFinishesWhatIsUnderWayAndClosesTheRest() throws Exception {
    var release = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  release.await();
                  connection.reply("late");
                });
        var plane = TestPlane.forwardingTo(backend);
        var busy = plane.client();
        var idle = plane.client()) {
      idle.send("GET / HTTP/1.1\r\nHost: none\r\n\r\n").read();
      busy.get("/");
      await().until(() -> backend.requests().size() == 1);
      plane.plane().beginDrain();
      assertThat(idle.closedByServer()).isTrue();
      try (var late = plane.client()) {
        var reply = late.send("GET / HTTP/1.1\r\nHost: none\r\n\r\n").read();
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.field("connection")).isEqualTo("close");
      }
      assertThat(plane.plane().awaitIdle(Duration.ofMillis(50))).isFalse();
      release.countDown();
      var reply = busy.read();
      assertThat(reply.body()).isEqualTo("late");
      assertThat(reply.field("connection")).isEqualTo("close");
      assertThat(plane.plane().awaitIdle(Duration.ofMinutes(1))).isTrue();
    }
  }

  @Test
  void aClientThatLeavesFreesItsBackend() throws Exception {
    var gone = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  try {
                    var _ = connection.in().read();
                  } catch (SocketException e) {
                    gone.countDown();
                  }
                });
        var plane = TestPlane.forwardingTo(backend)) {
      try (var client = plane.client()) {
        client.get("/");
        await().until(() -> backend.requests().size() == 1);
      }
      assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
      await().until(() -> plane.plane().connections() == 0);
    }
  }

  /** A route moves from one upstream to another, and the former is removed in the same change. */
  private static TableChange moved(RawBackend backend, String from, String to) {
    var host = HostPattern.of(TestPlane.HOST);
    var route =
        new Route(
            new PathMatch.Prefix("/"),
            new RouteAction.Forward(TestPlane.id(to)),
            new RouteOrigin("default", "shop", "web", "80", "/"),
            List.of(),
            Timeouts.DEFAULT,
            RetryPolicy.DEFAULT);
    var upstream =
        new Upstream(
            TestPlane.id(to),
            new Upstream.Target.Endpoints(List.of(backend.endpoint())),
            Upstream.LoadBalancing.ROUND_ROBIN);
    return new TableChange(
        Map.of(host, new VirtualHost(host, "", List.of(route))),
        Set.of(),
        Map.of(upstream.id(), upstream),
        Set.of(TestPlane.id(from)),
        TableChange.Certificates.NONE,
        Optional.empty());
  }

  /** One client, so that after its first request upon a change no connect is under way. */
  @Test
  void noRequestIsLostBetweenTwoTablesWhenItsUpstreamIsRemoved() throws Exception {
    int changes = 600;
    try (var backend = RawBackend.answering("web");
        var plane = TestPlane.forwardingTo(backend);
        var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      plane.plane().apply(moved(backend, "web", "b"));
      var end = new AtomicBoolean();
      var answered = new AtomicInteger();
      Callable<List<Integer>> load =
          () -> {
            var bad = new ArrayList<Integer>();
            while (!end.get()) {
              try (var client = plane.client()) {
                for (int i = 0; i < 500 && !end.get(); i++) {
                  int status = client.get("/").read().status();
                  if (status != 200) {
                    bad.add(status);
                  }
                  answered.incrementAndGet();
                }
              }
            }
            return bad;
          };
      var result = pool.submit(load);
      for (int i = 0; i < changes; i++) {
        plane.plane().apply(moved(backend, i % 2 == 0 ? "b" : "a", i % 2 == 0 ? "a" : "b"));
        int enough = answered.get() + 3;
        while (answered.get() < enough && !result.isDone()) {
          Thread.onSpinWait();
        }
      }
      end.set(true);
      assertThat(result.get()).isEmpty();
    }
  }
}
