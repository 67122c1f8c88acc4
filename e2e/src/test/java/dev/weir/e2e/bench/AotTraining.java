package dev.weir.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes the AOT cache of the program as the build of the image does. */
final class AotTraining {
  private static final int LONGEST_SECONDS = 120;

  private AotTraining() {}

  /**
   * Makes it.
   *
   * @param cache the file to write; a log of the training stands beside it
   */
  static void run(Path home, Path cache) throws IOException, InterruptedException {
    var manifests = home.resolve("../../../manifests/demo");
    var command =
        Proxy.command(
            home,
            List.of("-XX:AOTCacheOutput=" + cache),
            List.of(
                "demo",
                "--rehearse",
                "--manifests=" + manifests,
                "--http-port=0",
                "--https-port=0",
                "--healthz-port=0"));
    var log = cache.resolveSibling("training.log").toFile();
    var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("no training:\n" + Files.readString(log.toPath()));
    }
  }
}
