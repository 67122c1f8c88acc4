package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.UpstreamId;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** hardening.md F15: what a Service that hangs may take, and that others don't feel it. */
class ServiceLimitsTest {
  private static final UpstreamId OTHER = new UpstreamId("default", "other", "80");

  /** Answers when it is told to. */
  private static RawBackend slow(CountDownLatch release) throws Exception {
    return new RawBackend(
        peer -> {
          while (peer.readRequest() != null) {
            awaitUninterruptibly(release);
            peer.send(RawBackend.ok("slow"));
          }
        });
  }

  @Test
  void requestsBeyondTheLimitFailAtOnceAndOtherServicesGoOn() throws Exception {
    var release = new CountDownLatch(1);
    try (var slow = slow(release);
        var fast = RawBackend.saying("fast");
        var fixture = new UpstreamsFixture(new ServiceLimits(5, 5, 100))) {
      fixture.endpoints(slow.endpoint());
      fixture.endpoints(OTHER, fast.endpoint());
      List<TestClient> stuck = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        stuck.add(fixture.start(TestRequest.get("/")));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(fixture.start(TestRequest.get("/")).awaitKind())
            .isEqualTo(UpstreamFailure.Kind.OVERLOADED);
        assertThat(fixture.client(TestRequest.get("/")).start(fixture.upstreams, OTHER).await())
            .isEqualTo("fast");
      }
      release.countDown();
      for (var client : stuck) {
        assertThat(client.await()).isEqualTo("slow");
      }
      assertThat(fixture.get("/")).isEqualTo("slow");
    }
  }

  @Test
  void whatFailsOrIsGivenUpMakesRoom() throws Exception {
    try (var backend = RawBackend.saying("works");
        var fixture = new UpstreamsFixture(new ServiceLimits(1, 1, 1))) {
      for (int i = 0; i < 5; i++) {
        fixture.endpoints(nobody());
        assertThat(fixture.start(TestRequest.get("/")).awaitKind())
            .isEqualTo(UpstreamFailure.Kind.CONNECT_FAILED);
        fixture.endpoints();
        assertThat(fixture.start(TestRequest.get("/")).awaitKind())
            .isEqualTo(UpstreamFailure.Kind.NO_ENDPOINT);
        fixture.endpoints(backend.endpoint("pod-" + i));
        var given =
            fixture
                .client(TestRequest.get("/"))
                .paused()
                .start(fixture.upstreams, UpstreamsFixture.ID);
        var loop = fixture.loops.getFirst();
        var stream = given.stream.get();
        loop.submit(stream::cancel).sync();
        assertThat(fixture.get("/")).isEqualTo("works");
      }
    }
  }

  @Test
  void idleConnectionsMakeRoomForThoseThatAreNeeded() throws Exception {
    try (var one = RawBackend.saying("one");
        var two = RawBackend.saying("two");
        var fixture = new UpstreamsFixture(new ServiceLimits(10, 10, 1))) {
      fixture.endpoints(one.endpoint(), two.endpoint());
      for (int i = 0; i < 6; i++) {
        assertThat(fixture.get("/")).isIn("one", "two");
        assertThat(fixture.idle()).isEqualTo(1);
      }
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Endpoint nobody() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new Endpoint("127.0.0.1", socket.getLocalPort(), "", "", false);
    }
  }
}
