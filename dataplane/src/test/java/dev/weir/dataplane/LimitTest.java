package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.model.AddressSet;
import dev.weir.dataplane.model.ConnectionLimit;
import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.ReplyRate;
import dev.weir.dataplane.model.RequestLimit;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.Timeouts;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitTest {
  private static final PathMatch ALL = new PathMatch.Prefix("/");
  private static final FilterSettings ONE =
      new ConnectionLimit("default/shop", 1, AddressSet.NONE, 503);
  private static final FilterSettings SIX =
      new RequestLimit("default/shop", 0, 1, 5, AddressSet.NONE, 503);

  private static void route(TestPlane plane, FilterSettings... filters) {
    plane.route(
        ALL, new RouteAction.Forward(TestPlane.id("web")), List.of(filters), Timeouts.DEFAULT);
  }

  private static int status(TestPlane plane, String target) throws Exception {
    try (var client = plane.client()) {
      return client.get(target).read().status();
    }
  }

  /** Until the one place is free, however it was left. */
  private static void awaitFree(TestPlane plane) {
    await().until(() -> status(plane, "/"), status -> status == 200);
    for (int i = 0; i < 3; i++) {
      await().until(() -> status(plane, "/"), status -> status == 200);
    }
  }

  /** Answers, unless the target asks for something else. */
  private static RawBackend backend() throws Exception {
    return new RawBackend(
        connection -> {
          for (var request = connection.read(); request != null; request = connection.read()) {
            if (request.requestLine().contains("/hang")) {
              connection.in().read();
            } else if (request.requestLine().contains("/reset")) {
              connection.resetConnection();
            } else if (request.requestLine().contains("/short")) {
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
              return;
            } else if (request.requestLine().contains("/long")) {
              connection.reply("x".repeat(3_000));
            } else {
              connection.reply("web");
            }
          }
        });
  }

  @Test
  void aPlaceIsGivenBackWhenTheReplyEnds() throws Exception {
    try (var backend = backend();
        var plane = TestPlane.forwardingTo(backend)) {
      route(plane, ONE);
      try (var client = plane.client()) {
        for (int i = 0; i < 20; i++) {
          assertThat(client.get("/").read().status()).isEqualTo(200);
        }
      }
    }
  }

  @Test
  void aClientThatHasItsReplyHasItsPlaceBackWhicheverLoopItAsksNext() throws Exception {
    try (var backend = backend();
        var plane = TestPlane.forwardingTo(backend)) {
      route(plane, ONE);
      for (int i = 0; i < 500; i++) {
        assertThat(status(plane, "/" + i)).as("request %d", i).isEqualTo(200);
      }
    }
  }

  @Test
  void aPlaceIsGivenBackWhenTheClientLeaves() throws Exception {
    try (var backend = backend();
        var plane = TestPlane.forwardingTo(backend)) {
      route(plane, ONE);
      try (var client = plane.client()) {
        client.get("/hang");
        await().until(() -> backend.requests().size() == 1);
        assertThat(status(plane, "/")).isEqualTo(503);
      }
      awaitFree(plane);
    }
  }

  @Test
  void aPlaceIsGivenBackWhenTheBackendBreaksOff() throws Exception {
    try (var backend = backend();
        var plane = TestPlane.forwardingTo(backend)) {
      route(plane, ONE);
      assertThat(status(plane, "/reset")).isEqualTo(502);
      awaitFree(plane);
      try (var client = plane.client()) {
        assertThat(client.get("/short").readToEnd()).endsWith("abc");
      }
      awaitFree(plane);
    }
  }

  @Test
  void aPlaceThatIsTakenCountsInTheNextTableAndIsGivenBackThere() throws Exception {
    try (var backend = backend();
        var plane = TestPlane.forwardingTo(backend)) {
      route(plane, ONE);
      try (var client = plane.client()) {
        client.get("/hang");
        await().until(() -> backend.requests().size() == 1);
        route(plane, new ConnectionLimit("default/shop", 1, AddressSet.NONE, 429));
        assertThat(status(plane, "/")).isEqualTo(429);
        route(plane, new ConnectionLimit("default/other", 1, AddressSet.NONE, 429));
        assertThat(status(plane, "/")).isEqualTo(200);
        route(plane, ONE);
        assertThat(status(plane, "/")).isEqualTo(503);
      }
      awaitFree(plane);
    }
  }

  @Test
  void bucketsOfAScopeOutliveTablesThatChangeTheirLimit() throws Exception {
    try (var backend = backend();
        var plane = TestPlane.forwardingTo(backend)) {
      route(plane, SIX);
      for (int i = 0; i < 6; i++) {
        assertThat(status(plane, "/")).isEqualTo(200);
      }
      assertThat(status(plane, "/")).isEqualTo(503);
      route(plane, new RequestLimit("default/shop", 0, 1, 5, AddressSet.NONE, 429));
      assertThat(status(plane, "/")).isEqualTo(429);
      route(plane, new RequestLimit("default/other", 0, 1, 5, AddressSet.NONE, 429));
      assertThat(status(plane, "/")).isEqualTo(200);
    }
  }

  @Test
  void aReplyAtARateComesWholeAndTheConnectionGoesOn() throws Exception {
    try (var backend = backend();
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      route(plane, new ReplyRate(2_000, 500));
      assertThat(client.get("/long").read().body()).hasSize(3_000);
      assertThat(client.get("/").read().body()).isEqualTo("web");
    }
  }

  @Test
  void aClientThatLeavesWhileItsReplyWaitsLeavesNothingBehind() throws Exception {
    try (var backend = backend();
        var plane = TestPlane.forwardingTo(backend)) {
      route(plane, ONE, new ReplyRate(100, 0));
      try (var client = plane.client()) {
        client.get("/long");
        assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(status(plane, "/")).isEqualTo(503);
      }
      awaitFree(plane);
    }
  }
}
