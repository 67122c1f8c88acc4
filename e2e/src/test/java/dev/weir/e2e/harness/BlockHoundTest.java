package dev.weir.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A program whose event loop blocks fails the test that runs it. */
class BlockHoundTest {
  @Test
  void aBlockedLoopIsAProblemInTheLog() throws Exception {
    var tests =
        Path.of(BlockedLoop.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(BlockHoundOptions.with(List.of()));
    command.addAll(
        List.of(
            "-cp",
            BlockHoundOptions.added(
                WeirProcess.home().resolve("lib") + "/*" + File.pathSeparator + tests),
            BlockedLoop.class.getName()));
    var program = WeirProcess.launchCommand(command);
    assertThat(program.exitCode()).isZero();
    assertThat(program.log().lines(BlockingCallsToLog.LINE)).hasSize(1);
    assertThatThrownBy(program::assertNoProblems).hasMessageContaining("event loop blocked");
  }
}
