package dev.weir.controller.status;

import dev.weir.controller.resource.LoadBalancerAddress;
import dev.weir.controller.source.ApiFailure;
import java.util.List;
import java.util.Optional;

/** Where the addresses come from that Ingresses are reached at (ingress-nginx.md section 6). */
interface AddressSource {
  /**
   * The addresses as they are now, in no order; empty if they can't be known, and then nothing is
   * to be written. May ask the API server.
   *
   * @throws ApiFailure if that doesn't answer; what can be said about rights is said
   */
  Optional<List<LoadBalancerAddress>> addresses() throws ApiFailure, InterruptedException;
}
