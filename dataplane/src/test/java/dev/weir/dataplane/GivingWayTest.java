package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.Listener;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.TableChange;
import dev.weir.dataplane.model.Timeouts;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Whoever applies a large change lets the event loops go first again and again. */
class GivingWayTest {
  private static final int ROUTES = 64 * 4;

  /** Tasks that lie before a loop after {@code work}, during which it stands still. */
  private static int tasksLeftBy(DataPlane plane, Runnable work) throws Exception {
    var standing = new CompletableFuture<SingleThreadEventExecutor>();
    var release = new CountDownLatch(1);
    Runnable stand =
        () -> {
          standing.complete((SingleThreadEventExecutor) ThreadExecutorMap.currentExecutor());
          while (release.getCount() > 0) {
            // Nothing that counts as waiting.
          }
        };
    var loop = Thread.ofVirtual().start(() -> plane.onEachLoop(stand));
    try {
      var executor = standing.get();
      work.run();
      return executor.pendingTasks();
    } finally {
      release.countDown();
      loop.join();
    }
  }

  private static List<Route> routes(int count) {
    var routes = new ArrayList<Route>();
    for (int i = 0; i < count; i++) {
      routes.add(
          new Route(
              new PathMatch.Prefix(i == 0 ? "/" : "/" + i),
              RouteAction.Respond.notFound(),
              RouteOrigin.NONE,
              List.of(),
              Timeouts.DEFAULT,
              RetryPolicy.DEFAULT));
    }
    return routes;
  }

  @Test
  void aLargeChangeWaitsForTurnsOfALoopAndGoesOnIfThereAreNone() throws Exception {
    try (var plane = TestPlane.withOneLoop(new Listener("127.0.0.1", 0, false))) {
      var host = HostPattern.of(TestPlane.HOST);
      var loops = plane.plane();
      long before = loops.version();
      // One more may be the question how long tasks wait.
      assertThat(tasksLeftBy(loops, () -> plane.host(host, routes(ROUTES)))).isBetween(4, 5);
      assertThat(loops.version()).isEqualTo(before + 1);
      assertThat(tasksLeftBy(loops, () -> plane.host(host, routes(ROUTES + 1))))
          .as("one route is new")
          .isLessThanOrEqualTo(1);
    }
  }

  @Test
  void nobodyIsWaitedForBeforeTheFirstTable() throws Exception {
    var listeners = List.of(new Listener("127.0.0.1", 0, false));
    try (var plane = DataPlane.start(DataPlaneConfig.of(listeners))) {
      Runnable often =
          () -> {
            for (int i = 0; i < 3; i++) {
              plane.giveWay();
            }
          };
      assertThat(tasksLeftBy(plane, often)).isLessThanOrEqualTo(1);
      plane.apply(
          new TableChange(
              Map.of(),
              Set.of(),
              Map.of(),
              Set.of(),
              TableChange.Certificates.NONE,
              Optional.empty()));
      assertThat(plane.version()).isOne();
      assertThat(tasksLeftBy(plane, often)).isBetween(3, 4);
    }
  }
}
