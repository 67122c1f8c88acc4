package dev.weir.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.codec.Transport;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which connections are used again, and which never. */
class PoolTest {
  static Stream<Transport> transports() {
    return Arrays.stream(Transport.values()).filter(Transport::available);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aConnectionCarriesOneRequestAfterTheOther(Transport transport) throws Exception {
    try (var backend = RawBackend.saying("hello");
        var fixture = new UpstreamsFixture(transport, 1)) {
      fixture.endpoints(backend.endpoint());
      for (int i = 0; i < 20; i++) {
        var client = fixture.start(TestRequest.get("/"));
        assertThat(client.await()).isEqualTo("hello");
        assertThat(client.stream.join().reused()).isEqualTo(i > 0);
      }
      assertThat(backend.accepted()).isEqualTo(1);
    }
  }
}
