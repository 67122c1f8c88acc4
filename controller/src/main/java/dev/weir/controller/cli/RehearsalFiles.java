package dev.weir.controller.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The certificate and key of a {@link RehearsedCluster} as files, for flags; deleted at the end.
 */
final class RehearsalFiles implements AutoCloseable {
  private final Path certificate;
  private final Path key;

  /**
   * Writes them.
   *
   * @throws IOException if that isn't possible; then none is left
   */
  RehearsalFiles(RehearsedCluster cluster) throws IOException {
    this.certificate = Files.createTempFile("weir-rehearsal", ".crt");
    try {
      this.key = Files.createTempFile("weir-rehearsal", ".key");
      Files.writeString(certificate, cluster.certificate());
      Files.writeString(key, cluster.key());
    } catch (IOException e) {
      Files.delete(certificate);
      throw e;
    }
  }

  /** The cluster is trusted, and our webhook shows the same certificate. */
  Map<String, String> flags() {
    return Map.of(
        "certificate-authority", certificate.toString(),
        "validating-webhook-certificate", certificate.toString(),
        "validating-webhook-key", key.toString());
  }

  @Override
  public void close() throws IOException {
    Files.delete(certificate);
    Files.delete(key);
  }
}
