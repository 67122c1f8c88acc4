package dev.weir.controller.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * What a Lease of {@code coordination.k8s.io/v1} says. Its times are for people: who compares them
 * with a clock of his own is wrong by as much as the two clocks differ.
 *
 * @param version {@code metadata.resourceVersion}
 * @param holder {@code spec.holderIdentity}; empty for nobody
 * @param duration {@code spec.leaseDurationSeconds}; zero if absent
 */
record LeaseSpec(String version, String holder, Duration duration) {
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  static LeaseSpec of(JsonNode lease) {
    var spec = lease.path("spec");
    return new LeaseSpec(
        lease.path("metadata").path("resourceVersion").asText(),
        spec.path("holderIdentity").asText(""),
        Duration.ofSeconds(Math.max(0, spec.path("leaseDurationSeconds").asLong())));
  }

  /** Writes into {@code lease} that {@code holder} has it now. */
  static void hold(ObjectNode lease, String holder, Duration ttl, Instant now) {
    var spec = lease.withObjectProperty("spec");
    if (!spec.path("holderIdentity").asText("").equals(holder)) {
      boolean first = spec.path("acquireTime").isMissingNode();
      spec.put("holderIdentity", holder)
          .put("acquireTime", MICRO_TIME.format(now))
          .put("leaseTransitions", spec.path("leaseTransitions").asLong() + (first ? 0 : 1));
    }
    spec.put("leaseDurationSeconds", Math.max(1, ttl.plusMillis(999).toSeconds()))
        .put("renewTime", MICRO_TIME.format(now));
  }

  /** Writes into {@code lease} that nobody has it: the next one may take it at once. */
  static void release(ObjectNode lease, Instant now) {
    var spec = lease.withObjectProperty("spec");
    spec.remove("holderIdentity");
    spec.put("leaseDurationSeconds", 1).put("renewTime", MICRO_TIME.format(now));
  }
}
