package dev.weir.e2e.cases;

import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.WeirProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** The program with certain flags, and the folder that it serves: one case at a time. */
final class Program implements AutoCloseable {
  private final ManifestFolder folder = ManifestFolder.withClass();
  private final WeirProcess weir;
  private int version;

  Program(List<String> flags) {
    folder.write("case.yaml", "");
    var all = new ArrayList<>(flags);
    all.add("--manifests=" + folder.path());
    if (flags.stream().noneMatch(flag -> flag.startsWith("--configmap="))) {
      all.add("--configmap=weir/weir");
    }
    weir = WeirProcess.run(all.toArray(String[]::new));
  }

  WeirProcess weir() {
    return weir;
  }

  /**
   * The marker of the objects that are written next: no other version of the table has its host.
   */
  String nextMarker() {
    version++;
    return marker();
  }

  String marker() {
    return "marker-" + version;
  }

  /** Replaces all objects, and waits until they are served. */
  void serve(String manifests) {
    folder.write("case.yaml", manifests);
    Awaitility.await("serving the objects of " + marker())
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ofMillis(2))
        .pollInterval(Duration.ofMillis(3))
        .until(() -> weir.admin("/debug/routes").text().contains("host " + marker() + ".test"));
  }

  /** Takes all objects away: settings of the last case must not meet what a test ends with. */
  private void serveNothing() {
    folder.write("case.yaml", "");
    Awaitility.await("serving nothing")
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ofMillis(2))
        .pollInterval(Duration.ofMillis(3))
        .until(() -> !weir.admin("/debug/routes").text().contains("host " + marker()));
  }

  @Override
  public void close() {
    serveNothing();
    weir.close();
    folder.close();
  }
}
