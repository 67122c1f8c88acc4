package dev.weir.e2e.bench;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Requests at the same time on connections of HTTP/2 over TLS, {@link #STREAMS} on each: all the
 * time, or at a fixed rate as {@link PacedLoad} sends them. Costs as little as it can: a request is
 * a head whose fields the peer's table keeps, a reply is followed frame by frame. All state belongs
 * to the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the connection, which is seen
final class Http2Load implements AutoCloseable {
  /** Requests in flight on each connection. */
  static final int STREAMS = 32;

  private static final long LONGEST_STALL_SECONDS = 20;

  private final IoEventLoopGroup group = Loops.one("http2");
  private final IoEventLoop loop = group.next();
  private final Scenario scenario;
  private final ArrayList<Channel> channels = new ArrayList<>();
  private final ArrayList<Http2Requests> connections = new ArrayList<>();

  /** Connections, each as often as it may begin another request. */
  private final ArrayDeque<Http2Requests> idle = new ArrayDeque<>();

  private final ArrayDeque<Long> due = new ArrayDeque<>();
  private final Promise<Samples> done = loop.newPromise();
  private final Promise<Boolean> ready = loop.newPromise();
  private final Samples millis = new Samples();
  private boolean busy;
  private double intervalNanos;
  private long start;
  private long end;
  private long sent;

  Http2Load(Scenario scenario) {
    this.scenario = scenario;
  }

  /**
   * Keeps all streams busy for this time; answers how many requests were answered.
   *
   * @throws IOException if one is not answered as it should be
   */
  long busy(int port, int seconds) throws IOException, InterruptedException {
    connect(port);
    loop.execute(
        () -> {
          busy = true;
          end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
          while (!idle.isEmpty()) {
            send(idle.removeFirst(), System.nanoTime());
          }
          channels.forEach(Channel::flush);
        });
    return await(seconds).size();
  }

  /**
   * Sends requests for this time; answers the milliseconds that each took from when it was due.
   *
   * @param rate requests a second
   * @throws IOException if one is not answered 200
   */
  Samples run(int port, double rate, int seconds) throws IOException, InterruptedException {
    connect(port);
    loop.execute(
        () -> {
          intervalNanos = 1e9 / rate;
          start = System.nanoTime();
          end = start + TimeUnit.SECONDS.toNanos(seconds);
          tick();
        });
    return await(seconds);
  }

  private void connect(int port) throws IOException, InterruptedException {
    var context = Loops.trustingClient("h2");
    for (int i = 0; i < scenario.connections(); i++) {
      var channel =
          Loops.client(group)
              .handler(new Placeholder())
              .connect("127.0.0.1", port)
              .sync()
              .channel();
      channels.add(channel);
      var tls = context.newHandler(channel.alloc(), scenario.host(), -1);
      channel.pipeline().addFirst(tls);
      tls.handshakeFuture().sync();
      if (!"h2".equals(tls.applicationProtocol())) {
        throw new IOException("the proxy speaks " + tls.applicationProtocol() + " and not h2");
      }
      var connection = new Connection(channel);
      connections.add(connection.requests);
      channel.pipeline().addLast(connection);
    }
    try {
      ready.get(LONGEST_STALL_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("connections were not made", e);
    }
  }

  private Samples await(int seconds) throws IOException, InterruptedException {
    try {
      var samples = done.get(seconds + LONGEST_STALL_SECONDS, TimeUnit.SECONDS);
      long expected = (samples.size() + channels.size()) * (long) scenario.bodyBytes();
      long came = connections.stream().mapToLong(Http2Requests::bodyBytes).sum();
      if (came != expected) {
        throw new IOException(came + " bytes of bodies came, not " + expected);
      }
      return samples;
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("a request failed", e);
    }
  }

  private void send(Http2Requests connection, long dueAt) {
    sent++;
    connection.send(dueAt);
  }

  private void tick() {
    long now = System.nanoTime();
    long next = start + (long) ((sent + due.size()) * intervalNanos);
    while (next <= now && next < end) {
      due.add(next);
      next = start + (long) ((sent + due.size()) * intervalNanos);
    }
    dispatch();
    if (next < end) {
      loop.schedule(this::tick, Math.max(0, next - System.nanoTime()), TimeUnit.NANOSECONDS);
    } else {
      finish();
    }
  }

  private void dispatch() {
    while (!due.isEmpty() && !idle.isEmpty()) {
      var connection = idle.removeFirst();
      send(connection, due.removeFirst());
      connection.channel().flush();
    }
  }

  private void finish() {
    if (millis.size() == sent && due.isEmpty() && System.nanoTime() >= end) {
      done.trySuccess(millis);
    } else {
      loop.schedule(this::finish, 1, TimeUnit.MILLISECONDS);
    }
  }

  private void answered(Http2Requests connection, long dueAt) {
    long now = System.nanoTime();
    millis.add((now - dueAt) / 1e6);
    if (busy && now < end) {
      send(connection, now);
    } else if (busy) {
      if (millis.size() == sent) {
        done.trySuccess(millis);
      }
    } else {
      idle.add(connection);
      dispatch();
    }
  }

  /** A pipeline must begin with something; TLS goes before it. */
  private static final class Placeholder extends ChannelInboundHandlerAdapter {}

  private final class Connection extends ChannelInboundHandlerAdapter {
    private final Http2Requests requests;
    private boolean begun;

    Connection(Channel channel) {
      requests = new Http2Requests(channel, scenario, this::onReply);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      requests.open();
      // How many requests a client may begin with is known after the first.
      requests.send(0);
      context.flush();
    }

    private void onReply(Http2Requests of, long dueAt) {
      if (begun) {
        answered(of, dueAt);
        return;
      }
      begun = true;
      for (int i = 0; i < STREAMS; i++) {
        idle.add(of);
      }
      if (idle.size() == scenario.connections() * STREAMS) {
        ready.trySuccess(true);
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
      var in = Loops.bytes(message);
      try {
        requests.read(in);
      } finally {
        in.release();
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      done.tryFailure(new IOException("the proxy closed a connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      done.tryFailure(cause);
      context.close();
    }
  }

  @Override
  public void close() {
    channels.forEach(Channel::close);
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
