package dev.weir.controller.cli;

import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.status.ReportSettings;
import dev.weir.controller.status.ReportSettings.Published;
import dev.weir.controller.translate.TranslateOptions;
import java.time.Duration;
import java.util.Optional;

/** What flags and environment say about writing into the cluster. */
final class ReportFlags {
  private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(5);

  private ReportFlags() {}

  static ReportSettings of(Flags flags) {
    var interval = flags.duration("status-update-interval");
    return new ReportSettings(
        new ReportSettings.Pod(
            System.getenv().getOrDefault("POD_NAMESPACE", ""),
            System.getenv().getOrDefault("POD_NAME", "")),
        flags.isOn("shadow"),
        new ReportSettings.Election(
            !flags.isOn("disable-leader-election"),
            flags.text("election-id"),
            flags.duration("election-ttl")),
        new ReportSettings.Status(
            flags.isOn("update-status"),
            flags.isOn("update-status-on-shutdown"),
            interval.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : interval,
            published(flags)),
        !flags.isOn("disable-sync-events"),
        flags.isGiven("configmap")
            ? Optional.of(key(Kind.CONFIG_MAP, flags, "configmap"))
            : Optional.empty());
  }

  private static Published published(Flags flags) {
    var fixed =
        flags.words("publish-status-address").stream().filter(word -> !word.isEmpty()).toList();
    if (!fixed.isEmpty()) {
      return new Published.Fixed(fixed);
    }
    return flags.isGiven("publish-service")
        ? new Published.OfService(key(Kind.SERVICE, flags, "publish-service"))
        : new Published.OfNodes(flags.isOn("report-node-internal-ip-address"));
  }

  private static ObjectKey key(Kind kind, Flags flags, String flag) {
    return TranslateOptions.References.key(kind, flags.text(flag));
  }
}
