package dev.weir.e2e.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.harness.WeirProcess;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the build puts into the folder that the program runs from. */
class ProgramFolderTest {
  private static final Pattern NOT_ARCHIVED =
      Pattern.compile("AmazonCorrettoCryptoProvider-|annotations-13");

  /** Major version of its classes. */
  private static final int JAVA_6 = 50;

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

  /**
   * The JVM takes no class of a signed jar and none from before Java 6 into its AOT cache. The
   * provider of cryptography stays signed, and annotations are never loaded.
   */
  @Test
  void allClassesThatAreUsedCanBeArchived() throws IOException {
    try (var jars = Files.list(WeirProcess.home().resolve("lib"))) {
      for (var jar : (Iterable<Path>) jars::iterator) {
        if (!NOT_ARCHIVED.matcher(jar.getFileName().toString()).lookingAt()) {
          assertThat(unarchivable(jar)).as("%s", jar.getFileName()).isEmpty();
        }
      }
    }
  }

  private static List<String> unarchivable(Path path) throws IOException {
    var found = new ArrayList<String>();
    try (var jar = new JarFile(path.toFile())) {
      for (var entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        var name = entry.getName();
        if (name.startsWith("META-INF/") && (name.endsWith(".SF") || name.endsWith(".RSA"))) {
          found.add(name);
        } else if (name.endsWith(".class")) {
          try (var bytes = new DataInputStream(jar.getInputStream(entry))) {
            assertThat(bytes.readInt()).as(name).isEqualTo(0xCAFEBABE);
            int _ = bytes.readUnsignedShort();
            if (bytes.readUnsignedShort() < JAVA_6) {
              found.add(name);
            }
          }
        }
      }
    }
    return found;
  }
}
