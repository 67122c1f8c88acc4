package dev.weir.dataplane.model;

import java.util.Set;

/**
 * What is written of requests (ingress-nginx.md 4.12).
 *
 * @param enabled whether anything is
 * @param defaultBackend whether requests for hosts that nobody configured are
 * @param authRequests whether requests of our own to authentication services are, a line each
 * @param skippedTargets of whose requests nothing is written: whole targets, query included
 * @param path of the file; empty or ingress-nginx's own default for standard output
 */
public record AccessLogSettings(
    boolean enabled,
    boolean defaultBackend,
    boolean authRequests,
    Set<String> skippedTargets,
    LogFormat format,
    String path) {
  /** Before any ConfigMap is read. */
  public static final AccessLogSettings DEFAULT =
      new AccessLogSettings(true, false, false, Set.of(), LogFormat.STANDARD, "");

  public AccessLogSettings {
    skippedTargets = Set.copyOf(skippedTargets);
  }
}
