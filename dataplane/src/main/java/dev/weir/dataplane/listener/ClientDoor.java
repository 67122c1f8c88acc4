package dev.weir.dataplane.listener;

import dev.weir.dataplane.http.IpAddress;
import dev.weir.dataplane.model.ForwardedTrust;
import dev.weir.dataplane.overload.Descriptors;
import dev.weir.dataplane.overload.OverloadCounts;
import dev.weir.dataplane.overload.SourceCounts;
import dev.weir.dataplane.telemetry.ConnectionMetrics;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may connect: as many clients as there are file descriptors for, and of each source so many.
 * Proxies in front of us that are believed about their clients have as many connections as they
 * like; a client that a PROXY header names is counted as if it came itself. Any thread.
 */
public final class ClientDoor {
  private static final Logger LOG = LoggerFactory.getLogger(ClientDoor.class);
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

  private final Descriptors descriptors;
  private final SourceCounts sources = new SourceCounts();
  private final IntSupplier mostOfSource;
  private final Supplier<ForwardedTrust> forwarded;
  private final OverloadCounts counts;
  private final ConnectionMetrics metrics;
  private final AtomicLong saidAt = new AtomicLong(System.nanoTime() - PAUSE);

  /**
   * Open for all that comes within these bounds.
   *
   * @param mostOfSource connections of one source, 0 for no bound; asked for each connection
   * @param forwarded who is believed about clients; asked for each connection
   */
  public ClientDoor(
      Descriptors descriptors,
      IntSupplier mostOfSource,
      Supplier<ForwardedTrust> forwarded,
      OverloadCounts counts,
      ConnectionMetrics metrics) {
    this.descriptors = descriptors;
    this.mostOfSource = mostOfSource;
    this.forwarded = forwarded;
    this.counts = counts;
    this.metrics = metrics;
  }

  /** Whether the next connection will be refused whoever it is of. */
  boolean full() {
    return descriptors.full();
  }

  /**
   * Counts a connection that was accepted just now, until it closes.
   *
   * @return false if it is to be closed; nothing was counted then
   */
  boolean admits(SocketChannel channel) {
    if (!descriptors.tryClient()) {
      counts.refusedInAll();
      metrics.refused();
      return false;
    }
    var remote = channel.remoteAddress();
    var address = remote == null ? IpAddress.NONE : IpAddress.of(remote.getAddress());
    if (remote != null && !isBelieved(address) && !enters(channel, address)) {
      descriptors.clientEnds();
      metrics.refused();
      return false;
    }
    channel.closeFuture().addListener(closed -> descriptors.clientEnds());
    return true;
  }

  private boolean isBelieved(IpAddress peer) {
    var trust = forwarded.get();
    return (trust.proxyProtocol() || trust.readsFields()) && trust.peers().contains(peer);
  }

  /** Counts the client that a PROXY header names; false if the connection is to be closed. */
  boolean enters(Channel channel, IpAddress client) {
    int most = mostOfSource.getAsInt();
    if (most == 0) {
      return true;
    }
    if (!sources.enter(client, most)) {
      counts.refusedOfSource();
      say(client, most);
      return false;
    }
    channel.closeFuture().addListener(closed -> sources.leave(client));
    return true;
  }

  private void say(IpAddress client, int most) {
    long now = System.nanoTime();
    long last = saidAt.get();
    if (now - last > PAUSE && saidAt.compareAndSet(last, now)) {
      LOG.info(
          "{} has {} connections and gets no more (max-connections-per-source in the ConfigMap;"
              + " proxies in front belong into proxy-real-ip-cidr)",
          client,
          most);
    }
  }
}
