package dev.weir.e2e.space;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/** What this machine offers to tests beside the program itself. */
final class Peers {
  /** Tag of tests that make a network namespace. */
  static final String NETWORK_SPACE = "network-space";

  /** Tag of tests with a real API server; they make a network namespace too. */
  static final String REAL_API_SERVER = "real-api-server";

  private Peers() {}

  /** Whether network namespaces can be made: root, and iproute2. */
  static boolean networkSpace() {
    return "root".equals(System.getProperty("user.name")) && hasIpRoute();
  }

  private static boolean hasIpRoute() {
    for (var folder : new String[] {"/usr/sbin", "/sbin", "/usr/bin", "/bin"}) {
      if (Files.isExecutable(Path.of(folder, "ip"))) {
        return Files.isDirectory(Path.of("/proc/self/ns"));
      }
    }
    return false;
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
    return "e2e: API server: the in-process one " + real + "; " + spaces;
  }
}
