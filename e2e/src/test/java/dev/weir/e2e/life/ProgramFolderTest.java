package dev.weir.e2e.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.harness.WeirProcess;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What the build puts into the folder that the program runs from. */
class ProgramFolderTest {
  /** Jars of two architectures carry the library under one name, so the first one would win. */
  @Test
  void thereIsOneCryptoLibraryAndItIsOfThisMachinesArchitecture() throws IOException {
    var here = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch_64";
    try (var jars = Files.list(WeirProcess.home().resolve("lib"))) {
      assertThat(jars.map(jar -> jar.getFileName().toString()))
          .filteredOn(name -> name.startsWith("AmazonCorrettoCryptoProvider"))
          .singleElement()
          .asString()
          .endsWith("linux-" + here + ".jar");
    }
  }
}
