package dev.weir.e2e.harness;

import dev.weir.e2e.apiserver.FakeApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** An API server for tests, with the class {@code nginx}, and programs that read from it. */
public final class Cluster implements AutoCloseable {
  private final FakeApiServer api = FakeApiServer.started();
  private final Path kubeconfig;

  public Cluster() {
    try {
      kubeconfig = Files.createTempFile("weir-e2e-", ".kubeconfig");
      Files.writeString(kubeconfig, api.kubeconfig());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    api.apply(Objects.INGRESS_CLASS);
  }

  public FakeApiServer api() {
    return api;
  }

  /** The flag that leads to the API server. */
  public String flag() {
    return "--kubeconfig=" + kubeconfig;
  }

  /** A program that serves this cluster. */
  public WeirProcess run() {
    return WeirProcess.run(flag());
  }

  /** The same, not waited for. */
  public WeirProcess launch() {
    return WeirProcess.launch(
        "run",
        "--bind-address=127.0.0.1",
        "--http-port=0",
        "--https-port=0",
        "--healthz-host=127.0.0.1",
        "--healthz-port=0",
        flag());
  }

  /**
   * A program that is the pod of this name in the namespace {@code ingress}, ready. Its requests
   * carry the name as their token.
   */
  public WeirProcess replica(String pod, String... flags) {
    try {
      var file = Files.createTempFile("weir-e2e-", ".kubeconfig");
      file.toFile().deleteOnExit();
      Files.writeString(file, api.kubeconfig(pod));
      return asPod(
              "ingress",
              pod,
              Stream.concat(
                      Stream.of(
                          "--bind-address=127.0.0.1",
                          "--http-port=0",
                          "--https-port=0",
                          "--healthz-host=127.0.0.1",
                          "--healthz-port=0",
                          "--kubeconfig=" + file),
                      Stream.of(flags))
                  .toList())
          .ready();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code run} with an environment that says which pod it is; not waited for. */
  public static WeirProcess asPod(String namespace, String pod, List<String> flags) {
    var command = new ArrayList<>(List.of("env", "POD_NAMESPACE=" + namespace, "POD_NAME=" + pod));
    command.addAll(WeirProcess.command(List.of()));
    command.add("run");
    // Nobody comes for the last metrics; later flags win.
    command.add("--post-shutdown-grace-period=0");
    command.addAll(flags);
    return WeirProcess.launchCommand(command);
  }

  @Override
  public void close() {
    api.close();
    try {
      Files.delete(kubeconfig);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
