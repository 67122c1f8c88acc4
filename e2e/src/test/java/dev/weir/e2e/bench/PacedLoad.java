package dev.weir.e2e.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An open loop: requests are due at a fixed rate, whether or not earlier ones were answered, and a
 * reply's time counts from when its request was due. So a stall shows in all requests that it
 * delays (coordinated omission). All state belongs to the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the connection, which is seen
final class PacedLoad implements AutoCloseable {
  private static final long LONGEST_STALL_SECONDS = 20;

  private final IoEventLoopGroup group = Loops.one("paced");
  private final IoEventLoop loop = group.next();
  private final Scenario scenario;
  private final ByteBuf requests;
  private final ByteBuf[] slices;
  private final Random random = new Random(1);
  private final ArrayList<Channel> channels = new ArrayList<>();
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private final ArrayDeque<Long> due = new ArrayDeque<>();
  private final Promise<Samples> done = loop.newPromise();
  private final Promise<Boolean> ready = loop.newPromise();
  private boolean busy;
  private final Samples millis = new Samples();
  private double intervalNanos;
  private long start;
  private long end;
  private long sent;

  PacedLoad(Scenario scenario) {
    this.scenario = scenario;
    var texts = scenario.requests();
    this.requests = Unpooled.directBuffer();
    texts.forEach(requests::writeBytes);
    this.slices = new ByteBuf[texts.size()];
    int at = 0;
    for (int i = 0; i < slices.length; i++) {
      int length = texts.get(i).length;
      slices[i] = Unpooled.unreleasableBuffer(requests.slice(at, length));
      at += length;
    }
  }

  /**
   * Keeps all connections busy for this time; answers how many requests were answered.
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
            sent++;
            idle.removeFirst().send(System.nanoTime());
          }
        });
    return await(seconds).size();
  }

  /**
   * Sends requests for this time; answers the milliseconds that each took.
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
    for (int i = 0; i < scenario.connections(); i++) {
      var channel = Loops.client(group).handler(new Connection()).connect("127.0.0.1", port);
      channels.add(channel.sync().channel());
    }
    if (scenario.kind() == Scenario.Kind.TLS_KEEP_ALIVE) {
      secureAll();
    }
    try {
      ready.get(LONGEST_STALL_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("connections were not made", e);
    }
  }

  private Samples await(int seconds) throws IOException, InterruptedException {
    try {
      return done.get(seconds + LONGEST_STALL_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("a paced request failed", e);
    }
  }

  private void secureAll() throws IOException, InterruptedException {
    var context = Loops.trustingClient();
    for (var channel : channels) {
      var tls = context.newHandler(channel.alloc(), scenario.host(), -1);
      channel.pipeline().addFirst(tls);
      tls.handshakeFuture().sync();
    }
  }

  private void tick() {
    long now = System.nanoTime();
    long next = start + (long) (sent * intervalNanos);
    while (next <= now && next < end) {
      due.add(next);
      sent++;
      next = start + (long) (sent * intervalNanos);
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
      idle.removeFirst().send(due.removeFirst());
    }
  }

  private void finish() {
    if (millis.size() == sent && System.nanoTime() >= end) {
      done.trySuccess(millis);
    } else {
      loop.schedule(this::finish, 1, TimeUnit.MILLISECONDS);
    }
  }

  private final class Connection extends ChannelInboundHandlerAdapter {
    private @Nullable Channel channel;
    private long dueAt;
    private String expected = "HTTP/1.1 200";
    private boolean upgraded;
    private int headRead;
    private int matched;
    private long bodyLeft;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      channel = context.channel();
      var upgrade = scenario.upgrade();
      if (upgrade.length == 0) {
        rest();
      } else {
        expected = "HTTP/1.1 101";
        context.writeAndFlush(Unpooled.wrappedBuffer(upgrade));
      }
    }

    private void rest() {
      idle.add(this);
      if (idle.size() == scenario.connections()) {
        ready.trySuccess(true);
      }
    }

    void send(long dueNanos) {
      var to = Objects.requireNonNull(channel);
      dueAt = dueNanos;
      headRead = 0;
      matched = upgraded ? 4 : 0;
      bodyLeft = scenario.bodyBytes();
      var request = slices[slices.length == 1 ? 0 : random.nextInt(slices.length)];
      to.writeAndFlush(request.duplicate(), to.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var in = Loops.bytes(message);
      while (matched < 4 && in.isReadable()) {
        byte read = in.readByte();
        if (headRead < 12 && read != expected.charAt(headRead)) {
          done.tryFailure(new IOException("not answered " + expected));
        }
        headRead++;
        matched = read == "\r\n\r\n".charAt(matched) ? matched + 1 : read == '\r' ? 1 : 0;
      }
      bodyLeft -= in.readableBytes();
      in.release();
      if (matched == 4 && bodyLeft == 0) {
        onReply();
      }
    }

    private void onReply() {
      if (!ready.isDone()) {
        upgraded = true;
        rest();
        return;
      }
      long now = System.nanoTime();
      millis.add((now - dueAt) / 1e6);
      if (busy && now < end) {
        sent++;
        send(now);
      } else if (busy) {
        if (millis.size() == sent) {
          done.trySuccess(millis);
        }
      } else {
        idle.add(this);
        dispatch();
      }
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
    // Its slices hold no references of their own; the loop that wrote them has ended.
    requests.release();
  }
}
