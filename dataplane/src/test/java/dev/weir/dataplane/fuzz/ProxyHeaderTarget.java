package dev.weir.dataplane.fuzz;

import dev.weir.dataplane.http.IpAddress;
import dev.weir.dataplane.listener.ProxyHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The beginning of a connection that must begin with a PROXY header. */
public final class ProxyHeaderTarget {
  /** What came of it. */
  private record Outcome(List<String> headers, String passed, boolean open) {}

  private ProxyHeaderTarget() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    var outcome = read(input);
    for (int[] ends : Splits.of(input)) {
      Finding.unlessEqual("in pieces", outcome, read(input, ends));
    }
    var slow = SlowProxyHeader.of(input);
    if (slow == null) {
      Finding.unlessEqual("headers of what is none", List.of(), outcome.headers);
      Finding.unlessEqual("passed without a header", "", outcome.passed);
      return;
    }
    Finding.unlessEqual("headers", 1, outcome.headers.size());
    Finding.unless(outcome.open, "closed behind a good header", outcome);
    Finding.unlessEqual("passed", Finding.text(input).substring(slow.length()), outcome.passed);
    Finding.unlessEqual("header", slow.address() + " " + slow.port(), outcome.headers.getFirst());
  }

  private static Outcome read(byte[] bytes, int... ends) {
    var headers = new ArrayList<String>();
    var passed = new StringBuilder();
    var channel = new EmbeddedChannel();
    ProxyHeader.expect(
        channel.pipeline(),
        TimeUnit.HOURS.toNanos(1),
        header -> headers.add(address(header.client()) + " " + header.port()));
    int from = 0;
    for (int i = 0; i <= ends.length && channel.isOpen(); i++) {
      int to = i < ends.length ? ends[i] : bytes.length;
      channel.writeInbound(Unpooled.copiedBuffer(bytes, from, to - from));
      from = to;
    }
    boolean open = channel.isOpen();
    for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
      passed.append(Finding.text(ByteBufUtil.getBytes(part)));
      part.release();
    }
    channel.finishAndReleaseAll();
    return new Outcome(headers, passed.toString(), open);
  }

  /** As the JDK writes it: an IPv4 address in IPv6 form is the IPv4 address. */
  private static String address(@Nullable IpAddress client) {
    return client == null ? "" : InetAddress.ofLiteral(client.text()).getHostAddress();
  }
}
