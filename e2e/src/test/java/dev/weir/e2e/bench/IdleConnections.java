package dev.weir.e2e.bench;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What keep-alive connections cost that rest after one request each.
 *
 * @param residentBytes by which the process grew, for each connection
 * @param liveBytes by which the live objects on the program's heap grew, for each connection; not a
 *     number where there is no such heap
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the connection, which is seen
record IdleConnections(double residentBytes, double liveBytes) {
  static final String ROW = "9,900 idle connections";
  private static final List<Contender> MEASURED =
      List.of(Contender.WEIR, Contender.WEIR_IO_URING, Contender.NGINX, Contender.HAPROXY);

  /** HAProxy takes two files for each, and 20,000 is all that many machines let a process have. */
  private static final int COUNT = 9_900;

  /** Opened at once; less than a listener's backlog. */
  private static final int BATCH = 450;

  private static final double MEGABYTE = 1048576;

  /** Opens the connections one batch after the other, measures while all rest, closes them. */
  private static IdleConnections measure(Field.Running contender)
      throws IOException, InterruptedException {
    double live = live(contender);
    double resident = contender.process().residentMegabytes();
    var group = Loops.one("idle");
    var channels = new ArrayList<Channel>();
    try {
      while (channels.size() < COUNT) {
        var answered = new CountDownLatch(BATCH);
        for (int i = 0; i < BATCH; i++) {
          var client = Loops.client(group).handler(new Client(answered));
          channels.add(client.connect("127.0.0.1", contender.http()).channel());
        }
        if (!answered.await(20, TimeUnit.SECONDS)) {
          throw new IOException(answered.getCount() + " of a batch were not answered");
        }
      }
      return new IdleConnections(
          (contender.process().residentMegabytes() - resident) * MEGABYTE / COUNT,
          (live(contender) - live) * MEGABYTE / COUNT);
    } finally {
      channels.forEach(Channel::close);
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  /** Not a number for those that have no such heap. */
  private static double live(Field.Running contender) throws IOException, InterruptedException {
    var weir = contender.weir();
    return weir == null ? Double.NaN : weir.liveMegabytes();
  }

  /** Measures and writes a table. */
  static void report(Report report, Field field) throws IOException, InterruptedException {
    report.line("### " + ROW + ", bytes of memory each (the kernel's not included)");
    report.table("proxy", "process grew by", "live heap grew by");
    for (var contender : MEASURED) {
      var bytes = measure(field.running(contender));
      report.cells(contender.title(), text(bytes.residentBytes()), text(bytes.liveBytes()));
    }
    report.endTable();
  }

  private static String text(double bytes) {
    return Double.isNaN(bytes) ? "" : String.format(Locale.ROOT, "%,.0f", bytes);
  }

  /** Sends one request and waits for the first bytes of its reply. */
  private static final class Client extends ChannelInboundHandlerAdapter {
    private final CountDownLatch answered;
    private boolean counted;

    Client(CountDownLatch answered) {
      this.answered = answered;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      var request = Unpooled.wrappedBuffer(KeepAliveClient.get(Scenario.HOST, "/"));
      context.writeAndFlush(request, context.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      Loops.bytes(message).release();
      if (!counted) {
        counted = true;
        answered.countDown();
      }
    }
  }
}
