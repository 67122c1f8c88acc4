package dev.weir.dataplane.model;

/**
 * Where a route comes from: for logs, metrics and error headers. Unknown parts are empty.
 *
 * @param path the Ingress path as the user wrote it
 */
public record RouteOrigin(
    String namespace, String ingress, String service, String port, String path) {
  /** Of what no Ingress asked for: the built-in 404. */
  public static final RouteOrigin NONE = new RouteOrigin("", "", "", "", "");
}
