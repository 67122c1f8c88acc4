package dev.weir.dataplane.upstream;

/**
 * How much of the proxy one upstream (a port of a Service) may take, so that a Service that hangs
 * never takes what others need (hardening.md F15). What goes beyond is answered with 503 at once.
 * Immutable.
 *
 * @param requests in flight, from the choice of an endpoint to the end of the reply; upgraded
 *     connections don't count
 * @param pending of them, those that wait for a connection or a name's address
 * @param connections to all endpoints together, idle ones included; idle ones make room
 */
public record ServiceLimits(int requests, int pending, int connections) {
  /** 4,096 requests, 2,048 of them pending, 16,384 connections. */
  public static final ServiceLimits DEFAULT = new ServiceLimits(4_096, 2_048, 16_384);

  public ServiceLimits {
    if (requests < 1 || pending < 1 || connections < 1) {
      throw new IllegalArgumentException(
          "service limits %d, %d, %d (expected: 1 or more)"
              .formatted(requests, pending, connections));
    }
  }
}
