package dev.weir.e2e.space;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** What this machine offers to tests beside the program itself. */
public final class Peers {
  /** Tag of tests that make a network namespace. */
  static final String NETWORK_SPACE = "network-space";

  /** Tag of tests with a real API server; they make a network namespace too. */
  static final String REAL_API_SERVER = "real-api-server";

  /** Tag of tests by h2spec, whose program for Linux on x86-64 comes with the build. */
  public static final String H2SPEC = "h2spec";

  /** Tag of tests by nghttp and h2load (Debian: nghttp2-client). */
  public static final String NGHTTP2 = "nghttp2";

  /** Tag of tests by curl. */
  public static final String CURL = "curl";

  /** Tag of tests by Prometheus and promtool (Debian: prometheus). */
  public static final String PROMETHEUS = "prometheus";

  /** Tag of tests that compile a few lines of C for their program (Debian: gcc, libc6-dev). */
  public static final String C_COMPILER = "c-compiler";

  private Peers() {}

  /** Whether h2spec runs here. */
  static boolean h2spec() {
    return "Linux".equals(System.getProperty("os.name"))
        && "amd64".equals(System.getProperty("os.arch"));
  }

  /** Whether nghttp2's clients are installed. */
  static boolean nghttp2() {
    return isInstalled("nghttp") && isInstalled("h2load");
  }

  /** Whether curl is installed. */
  static boolean curl() {
    return isInstalled("curl");
  }

  /** Whether Prometheus is installed. */
  static boolean prometheus() {
    return isInstalled("prometheus") && isInstalled("promtool");
  }

  /** Whether there is a C compiler, and what it needs. */
  static boolean cCompiler() {
    return isInstalled("cc") && Files.exists(Path.of("/usr/include/time.h"));
  }

  /** Whether network namespaces can be made: root, and iproute2. */
  static boolean networkSpace() {
    return "root".equals(System.getProperty("user.name")) && hasIpRoute();
  }

  private static boolean hasIpRoute() {
    return isInstalled("ip") && Files.isDirectory(Path.of("/proc/self/ns"));
  }

  private static boolean isInstalled(String program) {
    return Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin")
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** The newest folder of binaries below {@code KUBE_API_TEST_DIR}, as kube-api-test has them. */
  static Optional<Path> apiServerBinaries() {
    var folder = System.getenv("KUBE_API_TEST_DIR");
    if (folder == null || !Files.isDirectory(Path.of(folder, "k8s"))) {
      return Optional.empty();
    }
    try (var versions = Files.list(Path.of(folder, "k8s"))) {
      return versions
          .filter(version -> Files.isExecutable(version.resolve("kube-apiserver")))
          .filter(version -> Files.isExecutable(version.resolve("kubectl")))
          .max(Comparator.naturalOrder());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** One line on what the run will be made with. */
  static String line() {
    var real =
        apiServerBinaries()
            .map(folder -> "and kube-apiserver " + folder.getFileName())
            .orElse("only; set KUBE_API_TEST_DIR for a real one");
    var spaces =
        networkSpace()
            ? "network namespaces: yes"
            : "network namespaces: no (they need root and iproute2), their tests are not selected";
    return "e2e: API server: the in-process one "
        + real
        + "; "
        + spaces
        + clients(H2SPEC, h2spec(), "it is for Linux on x86-64")
        + clients(NGHTTP2, nghttp2(), "nghttp and h2load are not installed")
        + clients(CURL, curl(), "it is not installed")
        + clients(PROMETHEUS, prometheus(), "prometheus and promtool are not installed")
        + clients(C_COMPILER, cCompiler(), "cc and the headers of the C library are not installed");
  }

  private static String clients(String name, boolean there, String why) {
    return "; " + name + (there ? ": yes" : ": no (" + why + "), its tests are not selected");
  }
}
