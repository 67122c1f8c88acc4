package dev.weir.controller.loop;

import dev.weir.dataplane.model.UpstreamId;

/** What is compiled as one: the grain of incremental work. */
sealed interface Unit {
  /** All routes and the certificate of a host ({@code ""} for rules without host). */
  record OfHost(String host) implements Unit {}

  /** The endpoints of a Service port. */
  record OfUpstream(UpstreamId upstream) implements Unit {}

  /** What holds for the whole proxy. */
  record OfSettings() implements Unit {}
}
