package dev.weir.controller.status;

import dev.weir.controller.resource.ObjectKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the flags say about writing into the cluster.
 *
 * @param pod who we are
 * @param shadow {@code --shadow}: nothing is written and no Lease taken
 * @param settings {@code --configmap}, which gets Events
 */
public record ReportSettings(
    Pod pod,
    boolean shadow,
    Election election,
    Status status,
    boolean syncEvents,
    Optional<ObjectKey> settings) {

  /**
   * Who we are; both empty outside a cluster, and then nothing is written.
   *
   * @param namespace {@code POD_NAMESPACE}
   * @param name {@code POD_NAME}
   */
  public record Pod(String namespace, String name) {
    /** Whether both are known. */
    boolean known() {
      return !namespace.isEmpty() && !name.isEmpty();
    }
  }

  /**
   * How the leader is found.
   *
   * @param enabled not {@code --disable-leader-election}
   * @param lease {@code --election-id}
   * @param ttl {@code --election-ttl}, 1 s or more
   */
  public record Election(boolean enabled, String lease, Duration ttl) {}

  /**
   * What is written to Ingresses' status.
   *
   * @param update {@code --update-status}
   * @param clearAtEnd {@code --update-status-on-shutdown}
   * @param interval {@code --status-update-interval}
   */
  public record Status(
      boolean update, boolean clearAtEnd, Duration interval, Published published) {}

  /** Where the addresses come from that Ingresses are reached at. */
  public sealed interface Published {
    /** {@code --publish-status-address}. */
    record Fixed(List<String> addresses) implements Published {
      public Fixed {
        addresses = List.copyOf(addresses);
      }
    }

    /** {@code --publish-service}. */
    record OfService(ObjectKey service) implements Published {}

    /**
     * The nodes of the controller's pods.
     *
     * @param internal {@code --report-node-internal-ip-address}
     */
    record OfNodes(boolean internal) implements Published {}
  }
}
