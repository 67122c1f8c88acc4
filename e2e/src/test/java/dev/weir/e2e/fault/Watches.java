package dev.weir.e2e.fault;

import dev.weir.e2e.apiserver.FakeApiServer;
import dev.weir.e2e.harness.WeirProcess;
import java.util.List;

/** What the program watches on an API server, one watch for each resource. */
final class Watches {
  static final List<String> RESOURCES =
      List.of(
          "ingresses",
          "ingressclasses",
          "services",
          "endpointslices",
          "secrets",
          "configmaps",
          "namespaces");

  private Watches() {}

  /** Waits until all are open. */
  static void await(FakeApiServer api) {
    RESOURCES.forEach(resource -> await(api, resource));
  }

  /**
   * Waits until one is open, and lets it know that all is well, so that it forgets its failures.
   */
  static void await(FakeApiServer api, String resource) {
    WeirProcess.eventually(
        "a watch of " + resource, () -> api.openWatches(resource), open -> open > 0);
    api.bookmark(resource);
  }
}
