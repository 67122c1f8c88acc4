package dev.weir.dataplane.codec;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How event loops talk to the kernel. Listener and upstream side must use the same one, because
 * both live on the same loops. May be used from any thread.
 *
 * <p>{@link #EPOLL} is the default: default seccomp profiles of container runtimes block io_uring.
 */
public enum Transport {
  EPOLL,
  IO_URING,
  /** The JDK's selector; works everywhere. */
  NIO;

  private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

  /**
   * Silence after which a peer is asked whether it is there, and how often until it is not. Where
   * there is a {@link #userTimeout}, the system doesn't count: it ends a connection with the first
   * question that comes after that time of silence and after one that wasn't answered. So some have
   * to come before.
   */
  private static final int KEEPALIVE_IDLE_SECONDS = 3;

  /**
   * Thousands of connections may fall silent together. If all were asked in the same moment, it
   * would be more than a queue of packets takes, and others' data got lost, too.
   */
  private static final int KEEPALIVE_IDLE_TIMES = 5;

  private static final int KEEPALIVE_INTERVAL_SECONDS = 1;
  private static final int KEEPALIVE_PROBES = 22;

  // The kernel's tcp_states.h.
  private static final int UNKNOWN = 0;
  private static final int TCP_ESTABLISHED = 1;
  private static final int TCP_FIN_WAIT1 = 4;
  private static final int TCP_LAST_ACK = 9;
  private static final int TCP_CLOSING = 11;

  /** The best one that works here without being asked for: epoll, else NIO. */
  public static Transport best() {
    return EPOLL.available() ? EPOLL : NIO;
  }

  /** Whether it works on this machine. */
  public boolean available() {
    return switch (this) {
      case EPOLL -> Epoll.isAvailable();
      case IO_URING -> IoUring.isAvailable();
      case NIO -> true;
    };
  }

  /** Why it does not work here; null if it does. */
  public @Nullable Throwable unavailabilityCause() {
    return switch (this) {
      case EPOLL -> Epoll.unavailabilityCause();
      case IO_URING -> IoUring.unavailabilityCause();
      case NIO -> null;
    };
  }

  /** For the event loops. */
  public IoHandlerFactory ioHandlerFactory() {
    return switch (this) {
      case EPOLL -> EpollIoHandler.newFactory();
      case IO_URING -> IoUringIoHandler.newFactory();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  /** The channel of a listening socket. */
  public Class<? extends ServerSocketChannel> serverChannel() {
    return switch (this) {
      case EPOLL -> EpollServerSocketChannel.class;
      case IO_URING -> IoUringServerSocketChannel.class;
      case NIO -> NioServerSocketChannel.class;
    };
  }

  /** The channel of a connection that we open. */
  public Class<? extends SocketChannel> clientChannel() {
    return switch (this) {
      case EPOLL -> EpollSocketChannel.class;
      case IO_URING -> IoUringSocketChannel.class;
      case NIO -> NioSocketChannel.class;
    };
  }

  /** The channel of a UDP socket. */
  public Class<? extends DatagramChannel> datagramChannel() {
    return switch (this) {
      case EPOLL -> EpollDatagramChannel.class;
      case IO_URING -> IoUringDatagramChannel.class;
      case NIO -> NioDatagramChannel.class;
    };
  }

  /**
   * Options that find out within half a minute that the peer of a silent connection is gone ({@code
   * TCP_KEEPIDLE}, {@code TCP_KEEPINTVL}, {@code TCP_KEEPCNT} of tcp(7)); where they can't be set,
   * the system's apply.
   *
   * @param count of connections so far: not all are asked after the same time
   */
  public Map<ChannelOption<Integer>, Integer> keepaliveTimes(int count) {
    int idle = KEEPALIVE_IDLE_SECONDS + Math.floorMod(count, KEEPALIVE_IDLE_TIMES);
    return switch (this) {
      case EPOLL ->
          Map.of(
              EpollChannelOption.TCP_KEEPIDLE, idle,
              EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS,
              EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
      case IO_URING ->
          Map.of(
              IoUringChannelOption.TCP_KEEPIDLE, idle,
              IoUringChannelOption.TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS,
              IoUringChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
      case NIO -> Map.of();
    };
  }

  /**
   * The socket option that ends a connection whose peer acknowledges nothing (milliseconds, {@code
   * TCP_USER_TIMEOUT} of tcp(7)); null where it can't be set.
   */
  public @Nullable ChannelOption<Integer> userTimeout() {
    return switch (this) {
      case EPOLL -> EpollChannelOption.TCP_USER_TIMEOUT;
      case IO_URING -> IoUringChannelOption.TCP_USER_TIMEOUT;
      case NIO -> null;
    };
  }

  /**
   * Whether the peer has ended the connection although the loop has not read that yet; on the
   * channel's loop. The JDK's sockets can't be asked: false.
   */
  public boolean endedByPeer(SocketChannel channel) {
    int state = tcpState(channel);
    return !channel.isOpen() || (state != UNKNOWN && state != TCP_ESTABLISHED);
  }

  /**
   * Whether the peer has not yet acknowledged the end of what was sent, after the sending side was
   * shut; false where that can't be known.
   */
  public static boolean unacknowledged(Channel channel) {
    return switch (tcpState(channel)) {
      case TCP_FIN_WAIT1, TCP_CLOSING, TCP_LAST_ACK -> true;
      default -> false;
    };
  }

  /**
   * Has the connection end with a reset when it is closed ({@code SO_LINGER} 0 of socket(7);
   * HAProxy does so with connections to servers, too): the peer notices at once, and no port of
   * ours is kept for a minute afterwards. What is still on its way is destroyed.
   */
  public static void resetOnClose(SocketChannel channel) {
    try {
      if (channel.isOpen()) {
        channel.config().setSoLinger(0);
      }
    } catch (ChannelException e) {
      LOG.debug("{} is closed already", channel, e);
    }
  }

  private static int tcpState(Channel channel) {
    if (!channel.isOpen()) {
      return UNKNOWN;
    }
    return switch (channel) {
      case EpollSocketChannel socket -> socket.tcpInfo().state();
      case IoUringSocketChannel socket -> socket.tcpInfo().state();
      default -> UNKNOWN;
    };
  }
}
