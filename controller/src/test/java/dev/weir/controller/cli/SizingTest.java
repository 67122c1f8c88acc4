package dev.weir.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizingTest {
  private static final long MIB = 1 << 20;

  private static Sizing sized(long memory, int processors, int wanted) {
    return Sizing.of(new Sizing.Machine(memory * MIB, 256 * MIB, 256 * MIB, processors), wanted);
  }

  @ParameterizedTest(name = "{0} MiB, {1} processors, {2} wanted")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          65536 |  2 |  0 | 256 |  2
          65536 | 64 |  0 | 256 | 16
          65536 | 64 | 32 | 256 | 32
            768 |  4 |  0 | 256 |  4
            512 |  4 |  0 |  96 |  4
            512 | 64 |  0 |  96 |  6
            448 |  2 |  0 |  32 |  2
            300 |  8 |  0 |  32 |  2
          """)
  void buffersGetWhatALimitLeavesAndLoopsWhatBuffersSufficeFor(
      long memory, int processors, int wanted, long direct, int loops) {
    var sizing = sized(memory, processors, wanted);

    assertThat(sizing.directMemory()).isEqualTo(direct * MIB);
    assertThat(sizing.eventLoops()).isEqualTo(loops);
    assertThat(sizing.warning().isEmpty()).isEqualTo(memory >= 448);
  }

  @Test
  void oneLineSaysWhatAndWhy() {
    assertThat(sized(65_536, 2, 0).text())
        .isEqualTo(
            "heap 256 MiB, direct memory 256 MiB, 2 event loops: 2 processors, 64.0 GiB of memory");
    assertThat(sized(512, 64, 0).text())
        .isEqualTo(
            "heap 256 MiB, direct memory 96 MiB, 6 event loops: 64 processors and one loop for"
                + " 16 MiB of direct memory, 512 MiB of memory less 160 MiB for code, classes and"
                + " threads");
    assertThat(sized(300, 1, 0).warning())
        .contains("300 MiB", "256 MiB", "32 MiB", "160 MiB", "raise the memory limit");
  }

  @Test
  void aBoundOfBuffersThatSomebodyElseGaveIsTold() {
    var machine = new Sizing.Machine(512 * MIB, 256 * MIB, 256 * MIB, 2);
    var given = Sizing.of(machine, 0, 200 * MIB);
    assertThat(given.text())
        .startsWith("heap 256 MiB, direct memory 200 MiB, 2 event loops: ")
        .endsWith(", buffers by -Dio.netty.maxDirectMemory");
    assertThat(given.warning()).contains("200 MiB of buffers", "raise the memory limit");
    assertThat(Sizing.of(machine, 0, 64 * MIB).warning()).isEmpty();
    assertThat(Sizing.of(machine, 0, 96 * MIB)).isEqualTo(Sizing.of(machine, 0));
    assertThat(Sizing.of(machine, 0, 0)).isEqualTo(Sizing.of(machine, 0));
  }

  /** Those of most sizes are hardly used: all of them would be all there is. */
  @ParameterizedTest(name = "{0} MiB, {1} processors: {2} KiB")
  @CsvSource({"65536, 1, 8192", "65536, 2, 8192", "65536, 64, 1024", "448, 2, 1024"})
  void loopsKeepLittleOfWhatBuffersHad(long memory, int processors, long kept) {
    assertThat(sized(memory, processors, 0).keptOfOneSize()).isEqualTo(kept * MIB / 1024);
  }

  @Test
  void thisProcessIsWithinWhatItsJvmMayHave() {
    var here = Sizing.here(0);

    assertThat(here.heap()).isPositive();
    assertThat(here.directMemory()).isPositive();
    assertThat(here.eventLoops()).isBetween(1, Runtime.getRuntime().availableProcessors());
  }
}
