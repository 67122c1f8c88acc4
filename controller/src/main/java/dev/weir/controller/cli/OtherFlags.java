package dev.weir.controller.cli;

import static dev.weir.controller.cli.FlagSpec.inert;
import static dev.weir.controller.cli.FlagSpec.now;
import static dev.weir.controller.cli.FlagType.ADDRESSES;
import static dev.weir.controller.cli.FlagType.COUNT;
import static dev.weir.controller.cli.FlagType.DURATION;
import static dev.weir.controller.cli.FlagType.FILE;
import static dev.weir.controller.cli.FlagType.POSITIVE;
import static dev.weir.controller.cli.FlagType.SWITCH;
import static dev.weir.controller.cli.FlagType.TEXT;
import static dev.weir.controller.cli.FlagType.choice;

import dev.weir.dataplane.upstream.ServiceLimits;
import java.util.List;

/** Flags that ingress-nginx gets from its logging library, and flags of our own. */
final class OtherFlags {
  private static final String STDOUT = "The log goes to standard output, in one stream.";

  /** klog's flags, accepted because charts pass them. */
  static final List<FlagSpec> KLOG =
      List.of(
          now("v", COUNT, "0", "Log level: up to 2 info, 3 and 4 debug, 5 and more everything."),
          inert("vmodule", TEXT, "", "Levels for single files don't exist here."),
          inert("logtostderr", SWITCH, "true", STDOUT),
          inert("alsologtostderr", SWITCH, "false", STDOUT),
          inert("stderrthreshold", TEXT, "2", STDOUT),
          inert("log_dir", TEXT, "", STDOUT),
          inert("log_file", TEXT, "", STDOUT),
          inert("log_file_max_size", COUNT, "1800", STDOUT),
          inert("one_output", SWITCH, "false", STDOUT),
          inert("log_backtrace_at", TEXT, "", "Stack traces come with the errors that have one."),
          inert("add_dir_header", SWITCH, "false", "Lines name the class instead of the file."),
          inert("skip_headers", SWITCH, "false", "Lines always have a time and a level."),
          inert("skip_log_headers", SWITCH, "false", STDOUT),
          inert("legacy_stderr_threshold_behavior", SWITCH, "true", STDOUT));

  /** Weir's own. */
  static final List<FlagSpec> WEIR =
      List.of(
          now("manifests", FILE, "", "Serve the manifests of this folder instead of a cluster's."),
          now("bind-address", ADDRESSES, "", "Addresses to listen on instead of all."),
          now(
              "transport",
              choice("auto", "epoll", "io_uring", "nio"),
              "auto",
              "How sockets are driven."),
          now(
              "event-loops",
              COUNT,
              "0",
              "Threads that carry traffic; 0 for one a processor, as far as buffers suffice."),
          now(
              "unenforced-protection",
              choice("close", "warn"),
              "close",
              "A route whose protection can't be enforced answers 503, or is served with a"
                  + " warning."),
          now(
              "service-max-requests",
              POSITIVE,
              String.valueOf(ServiceLimits.DEFAULT.requests()),
              "Requests in flight to one Service port; more are answered with 503."),
          now(
              "service-max-pending",
              POSITIVE,
              String.valueOf(ServiceLimits.DEFAULT.pending()),
              "Of those, how many may wait for a connection."),
          now(
              "service-max-connections",
              POSITIVE,
              String.valueOf(ServiceLimits.DEFAULT.connections()),
              "Connections to the endpoints of one Service port, upgraded ones included."),
          now(
              "watch-time",
              DURATION,
              "45s",
              "How long a watch of the API server lasts at most; one that is silent for 5s longer"
                  + " is cut and goes on from where it was."),
          now(
              "shadow",
              SWITCH,
              "false",
              "Serve everything, but write nothing into the cluster and take no Lease."),
          now("log-format", choice("text", "json"), "text", "Form of the log."));

  private OtherFlags() {}
}
