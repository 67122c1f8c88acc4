package dev.weir.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

class NoLeaksTest {
  @Test
  void aBufferThatIsNeverReleasedFailsTheSuiteAndNamesWhereItWasUsed() {
    assertThat(failuresOf(Leaky.class))
        .singleElement()
        .asString()
        .contains("LEAK: ByteBuf was not released", "Leaky.allocates");
  }

  @Test
  void releasedBuffersPass() {
    assertThat(failuresOf(Tidy.class)).isEmpty();
  }

  private static Iterable<Throwable> failuresOf(Class<?> tests) {
    return EngineTestKit.engine("junit-jupiter")
        .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
        .selectors(selectClass(tests))
        .execute()
        .allEvents()
        .failed()
        .stream()
        .map(NoLeaksTest::failure)
        .toList();
  }

  private static Throwable failure(Event event) {
    return event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow();
  }

  /** Not run by the build itself, which does not look for tests in nested classes. */
  static final class Leaky {
    @Test
    void allocates() {
      PooledByteBufAllocator.DEFAULT.directBuffer(8).writeByte(1);
    }
  }

  static final class Tidy {
    @Test
    void allocatesAndReleases() {
      PooledByteBufAllocator.DEFAULT.directBuffer(8).writeByte(1).release();
    }
  }
}
