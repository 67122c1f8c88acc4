package dev.weir.dataplane.telemetry;

/** Prefixes of metric names. */
final class Names {
  /** What ingress-nginx's metrics begin with. */
  static final String CONTROLLER = "nginx_ingress_controller_";

  /** What its metrics of the serving process begin with. */
  static final String PROCESS = CONTROLLER + "nginx_process_";

  private Names() {}
}
