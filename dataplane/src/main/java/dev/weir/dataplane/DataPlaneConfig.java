package dev.weir.dataplane;

import dev.weir.dataplane.codec.Transport;
import dev.weir.dataplane.model.Listener;
import dev.weir.dataplane.overload.OverloadConfig;
import dev.weir.dataplane.upstream.DnsSettings;
import dev.weir.dataplane.upstream.ServiceLimits;
import java.io.OutputStream;
import java.util.List;

/**
 * What a data plane is started with; the rest comes with the table.
 *
 * @param listeners in the order in which they are bound
 * @param transport one that isn't available here gives way to the JDK's selector, with a warning
 * @param eventLoops threads that carry traffic
 * @param limits what each Service may take
 * @param accessLog where lines of requests go unless the ConfigMap names a file; not closed
 * @param dns how names of ExternalName Services are resolved
 * @param overload what is looked at so that the process isn't overloaded
 */
public record DataPlaneConfig(
    List<Port> listeners,
    Transport transport,
    int eventLoops,
    ServiceLimits limits,
    OutputStream accessLog,
    DnsSettings dns,
    OverloadConfig overload) {

  /**
   * A socket to open.
   *
   * @param reportedPort what upstreams are told in {@code X-Forwarded-Port}; 0 for the port that is
   *     connected to
   */
  public record Port(Listener listener, int reportedPort) {}

  public DataPlaneConfig {
    listeners = List.copyOf(listeners);
    if (eventLoops < 1) {
      throw new IllegalArgumentException("eventLoops: " + eventLoops + " (expected: at least 1)");
    }
  }

  /** Usual settings: epoll, a loop for each core, ports reported as they are, no access log. */
  public static DataPlaneConfig of(List<Listener> listeners) {
    return new DataPlaneConfig(
        listeners.stream().map(listener -> new Port(listener, 0)).toList(),
        Transport.EPOLL,
        Runtime.getRuntime().availableProcessors(),
        ServiceLimits.DEFAULT,
        OutputStream.nullOutputStream(),
        DnsSettings.system(false),
        OverloadConfig.system());
  }
}
