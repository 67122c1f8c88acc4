package dev.weir.dataplane.model;

/**
 * One address that serves an upstream.
 *
 * @param ip IPv4 or IPv6 literal in canonical text
 * @param podUid tells two pods apart that had the same address one after the other; may be empty
 * @param zone may be empty
 * @param draining terminating, still serving: used only where no other endpoint is left
 */
public record Endpoint(String ip, int port, String podUid, String zone, boolean draining) {
  /** {@code 10.0.0.1:80}, {@code [fd00::1]:80}. */
  public String text() {
    return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + port;
  }
}
