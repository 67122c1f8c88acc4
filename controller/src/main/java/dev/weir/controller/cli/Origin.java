package dev.weir.controller.cli;

import dev.weir.controller.source.ApiServerAccess;
import dev.weir.controller.source.ApiServerOptions;
import dev.weir.controller.source.ApiServerSource;
import dev.weir.controller.source.ApiServerTiming;
import dev.weir.controller.source.ManifestFolderSource;
import dev.weir.controller.source.Source;
import dev.weir.controller.source.SourceException;
import dev.weir.controller.source.SourceState;
import dev.weir.controller.status.ReportSettings;
import dev.weir.controller.status.Reporter;
import dev.weir.dataplane.telemetry.TelemetrySettings.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Where objects come from. */
sealed interface Origin {
  /** {@code --manifests}. */
  record Folder(Path folder) implements Origin {}

  /**
   * A cluster's API server.
   *
   * @param watches how long one lasts at most
   * @param reports what is told to the cluster in turn
   */
  record Cluster(ApiServerOptions options, Duration watches, ReportSettings reports)
      implements Origin {}

  /**
   * An origin that can be read.
   *
   * @param name for people
   * @param details how reading goes, a line for each part
   * @param reporter tells a cluster what becomes of its objects
   * @param afterwards what is closed after the source and the reporter
   */
  record Opened(
      String name,
      Source source,
      Supplier<List<String>> details,
      Optional<Reporter> reporter,
      Runnable afterwards) {}

  /**
   * Prepares reading; reads nothing yet.
   *
   * @param identity labels of metrics
   * @throws StartException if it is certain that nothing will ever come from there
   */
  default Opened open(Identity identity) throws StartException {
    return switch (this) {
      case Folder(var folder) ->
          new Opened(
              "the folder " + folder,
              new ManifestFolderSource(folder),
              List::of,
              Optional.empty(),
              () -> {});
      case Cluster cluster -> open(cluster, identity);
    };
  }

  private static Opened open(Cluster cluster, Identity identity) throws StartException {
    try {
      var access = ApiServerAccess.open(cluster.options());
      var timing = ApiServerTiming.DEFAULT.watching(cluster.watches());
      var source = new ApiServerSource(access, cluster.options(), timing);
      return new Opened(
          "the API server at " + access.address(),
          source,
          () -> source.states().stream().map(Origin::line).toList(),
          Optional.of(new Reporter(access, cluster.reports(), identity)),
          access::close);
    } catch (SourceException e) {
      throw StartException.of(e);
    }
  }

  private static String line(SourceState state) {
    var line = new StringBuilder("  ").append(state.kind().text());
    if (!state.namespace().isEmpty()) {
      line.append(" in ").append(state.namespace());
    }
    line.append(state.synced() ? ": synced" : ": not synced");
    line.append(state.connected() ? ", connected" : ", not connected");
    line.append(", ").append(state.counts().events()).append(" events");
    line.append(", ").append(state.counts().relists()).append(" relists");
    line.append(", last heard of ").append(state.lastEvent());
    if (!state.problem().isEmpty()) {
      line.append(": ").append(state.problem());
    }
    return line.toString();
  }
}
