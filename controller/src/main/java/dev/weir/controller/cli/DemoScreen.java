package dev.weir.controller.cli;

import dev.weir.controller.admin.ControlCharacters;
import dev.weir.controller.loop.Snapshot;
import dev.weir.controller.resource.Severity;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.RoutingTable;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The demo's first screen: what listens, what is served, what is wrong, what to try. */
final class DemoScreen {
  private static final int MOST_LINES = 12;

  /** Where the demo can be reached and where its manifests are. */
  record Places(
      InetSocketAddress http,
      InetSocketAddress https,
      InetSocketAddress admin,
      List<InetSocketAddress> backends,
      Path folder) {}

  private final Places places;
  private final Snapshot snapshot;
  private final Instant selfSigned;
  private final Instant now;
  private final StringBuilder text = new StringBuilder();

  private DemoScreen(Places places, Snapshot snapshot, Instant selfSigned, Instant now) {
    this.places = places;
    this.snapshot = snapshot;
    this.selfSigned = selfSigned;
    this.now = now;
  }

  /**
   * The screen.
   *
   * @param selfSigned when the default certificate expires
   */
  static String of(Places places, Snapshot snapshot, Instant selfSigned, Instant now) {
    var screen = new DemoScreen(places, snapshot, selfSigned, now);
    screen.listeners();
    screen.table();
    screen.certificates();
    screen.findings();
    screen.commands();
    return screen.text.toString();
  }

  private void listeners() {
    line("Weir serves %s".formatted(places.folder));
    line("");
    line("  http    http://%s".formatted(at(places.http)));
    line("  https   https://%s".formatted(at(places.https)));
    line(
        "  admin   http://%s/debug/routes  /healthz?verbose  /metrics".formatted(at(places.admin)));
    line(
        "  echo    %s"
            .formatted(String.join(" ", places.backends.stream().map(DemoScreen::at).toList())));
    line("");
  }

  private void table() {
    var sizes = snapshot.stats().sizes();
    line(
        "%d hosts, %d routes, %d upstreams. Edit a file of the folder: it is live at once."
            .formatted(sizes.hosts(), sizes.routes(), sizes.upstreams()));
    line("");
  }

  private void certificates() {
    line("Certificates");
    var table = snapshot.table();
    int lines = 0;
    for (var entry : table.certificates().entrySet()) {
      if (lines++ == MOST_LINES) {
        line("  and %d more".formatted(table.certificates().size() - MOST_LINES));
        break;
      }
      var end = entry.getValue().notAfter();
      line(
          "  %-28s %-24s %s"
              .formatted(entry.getKey().text(), secret(table, entry.getKey()), expiry(end)));
    }
    line("  %-28s %-24s %s".formatted("any other host", "self-signed", expiry(selfSigned)));
    line("");
  }

  private static String secret(RoutingTable table, HostPattern pattern) {
    var host = table.hosts().get(pattern);
    return host == null ? "" : host.tls();
  }

  private String expiry(Instant end) {
    long days = Duration.between(now, end).toDays();
    var date = end.toString().substring(0, "2000-01-01".length());
    return end.isBefore(now) ? "EXPIRED on " + date : "until " + date + " (" + days + " days)";
  }

  private void findings() {
    var shown =
        snapshot.findings().stream()
            .filter(finding -> finding.severity() != Severity.INFO)
            .toList();
    if (shown.isEmpty()) {
      line("No warnings.");
    } else {
      line("Warnings");
      shown.stream()
          .limit(MOST_LINES)
          .forEach(finding -> line("  " + ControlCharacters.hidden(finding.text())));
      if (shown.size() > MOST_LINES) {
        line(
            "  and %d more: http://%s/debug/findings"
                .formatted(shown.size() - MOST_LINES, at(places.admin)));
      }
    }
    line("");
  }

  private void commands() {
    line("Try");
    for (var command :
        CurlLines.of(snapshot.table(), places.http.getPort(), places.https.getPort())) {
      line("  %s".formatted(command));
    }
    line("");
    line("Ctrl-C ends it.");
  }

  private static String at(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
