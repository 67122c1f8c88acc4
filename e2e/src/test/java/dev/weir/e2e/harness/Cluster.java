package dev.weir.e2e.harness;

import dev.weir.e2e.apiserver.FakeApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
