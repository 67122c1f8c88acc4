package dev.weir.controller.cli;

import dev.weir.controller.loop.Controller;
import dev.weir.dataplane.DataPlane;
import dev.weir.dataplane.DataPlaneConfig;
import dev.weir.dataplane.codec.Transport;
import dev.weir.dataplane.listener.BindFailure;
import dev.weir.dataplane.model.Listener;
import dev.weir.dataplane.model.TableChange;
import dev.weir.dataplane.overload.OverloadConfig;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.upstream.DnsSettings;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The data plane, whose ports open when there is a first table to serve and not before: until then
 * a client is refused and tries another replica instead of being told 404. It is also the moment at
 * which the ConfigMap, and so {@code bind-address}, is known.
 *
 * <p>Thread rule: {@link #apply} on the controller thread; {@link #drain} and {@link #close} when
 * that has ended or goes on with later tables; the rest on any.
 */
final class TrafficPorts implements Controller.TableTarget, AutoCloseable {
  private static final int REPORTED_HTTPS_PORT = 443;

  /** A port that is open, and what is spoken there. */
  record Open(boolean tls, InetSocketAddress address) {
    /** {@code https 127.0.0.1:8443}. */
    String text() {
      return (tls ? "https " : "http ") + NetUtil.toSocketAddressString(address);
    }
  }

  private record Running(DataPlane plane, List<Open> ports) {}

  private final Supplier<DataPlaneConfig> config;
  private final Telemetry telemetry;
  private final CompletableFuture<List<Open>> opened = new CompletableFuture<>();
  private volatile @Nullable Running running;

  /**
   * @param config asked once, when the first table is there
   * @param telemetry is told of requests and connections
   */
  TrafficPorts(Supplier<DataPlaneConfig> config, Telemetry telemetry) {
    this.config = config;
    this.telemetry = telemetry;
  }

  /** What the flags and the ConfigMap say of ports, once they are known. */
  static DataPlaneConfig config(RunSettings settings, SettingsTap tap) {
    var sockets = settings.sockets();
    var listeners = new ArrayList<Listener>();
    for (var address : sockets.bind().isEmpty() ? tap.bindAddresses() : sockets.bind()) {
      listeners.add(new Listener(address, sockets.http(), false));
      listeners.add(new Listener(address, sockets.https(), true));
    }
    return new DataPlaneConfig(
        listeners.stream()
            // Upstreams are told 443 whatever the flag says, as ingress-nginx does.
            .map(port -> new DataPlaneConfig.Port(port, port.tls() ? REPORTED_HTTPS_PORT : 0))
            .toList(),
        transport(sockets.transport()),
        sockets.eventLoops(),
        settings.service(),
        settings.accessLog(),
        DnsSettings.system(settings.translation().switches().allowLoopback()),
        OverloadConfig.system());
  }

  private static Transport transport(String flag) {
    return switch (flag) {
      case "epoll" -> Transport.EPOLL;
      case "io_uring" -> Transport.IO_URING;
      case "nio" -> Transport.NIO;
      default -> Transport.best();
    };
  }

  /** Completed when the first table serves; with a {@link StartException} if no port opens. */
  CompletableFuture<List<Open>> opened() {
    return opened;
  }

  @Override
  public long apply(TableChange change) {
    if (opened.isCompletedExceptionally()) {
      return 0;
    }
    var now = running == null ? start() : running;
    if (now == null) {
      return 0;
    }
    long version = now.plane.apply(change);
    opened.complete(now.ports);
    return version;
  }

  @Override
  public void giveWay() {
    var now = running;
    if (now != null) {
      now.plane.giveWay();
    }
  }

  /** Says which event loop is stuck, if one is. Any thread. */
  Optional<String> stuck() {
    var now = running;
    return now == null ? Optional.empty() : now.plane.stuck();
  }

  /**
   * Finishes what is in flight; what isn't finished after {@code longest} is cut off.
   *
   * @return how many connections were cut off
   */
  int drain(Duration longest) throws InterruptedException {
    var now = running;
    if (now == null) {
      return 0;
    }
    now.plane.beginDrain();
    if (now.plane.awaitIdle(longest)) {
      return 0;
    }
    int left = now.plane.connections();
    now.plane.endConnections();
    return left;
  }

  @Override
  public void close() {
    var now = running;
    if (now != null) {
      now.plane.close();
    }
  }

  private @Nullable Running start() {
    try {
      var wanted = config.get();
      var plane = DataPlane.start(wanted, telemetry);
      var ports = new ArrayList<Open>();
      for (int i = 0; i < wanted.listeners().size(); i++) {
        var listener = wanted.listeners().get(i).listener();
        int port = plane.boundPorts().get(i);
        ports.add(new Open(listener.tls(), new InetSocketAddress(listener.address(), port)));
      }
      var started = new Running(plane, List.copyOf(ports));
      running = started;
      return started;
    } catch (BindFailure e) {
      opened.completeExceptionally(
          new StartException(e.getMessage() + " The flags are --http-port and --https-port."));
    } catch (SSLException e) {
      opened.completeExceptionally(new StartException("TLS can't be set up: " + e.getMessage()));
    }
    return null;
  }
}
