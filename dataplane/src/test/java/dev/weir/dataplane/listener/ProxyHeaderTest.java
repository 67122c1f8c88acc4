package dev.weir.dataplane.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.http.IpAddress;
import dev.weir.testsupport.Seed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String REST = "GET / HTTP/1.1\r\n";
  private static final byte[] BEHIND = REST.getBytes(StandardCharsets.US_ASCII);

  /** What becomes of bytes that arrive in pieces. */
  private record Outcome(List<ProxyHeader> headers, String passed, boolean open) {
    static Outcome of(List<byte[]> pieces) {
      var headers = new ArrayList<ProxyHeader>();
      var channel = new EmbeddedChannel();
      ProxyHeader.expect(channel.pipeline(), TimeUnit.SECONDS.toNanos(5), headers::add);
      for (var piece : pieces) {
        if (channel.isOpen()) {
          channel.writeInbound(Unpooled.copiedBuffer(piece));
        }
      }
      boolean open = channel.isOpen();
      var passed = Unpooled.buffer();
      for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
        passed.writeBytes(part);
        part.release();
      }
      channel.finishAndReleaseAll();
      var text = passed.toString(StandardCharsets.ISO_8859_1);
      passed.release();
      return new Outcome(headers, text, open);
    }
  }

  private static byte[] bytes(String header) {
    return header.startsWith("PROXY")
        ? (header + "\r\n").getBytes(StandardCharsets.US_ASCII)
        : HexFormat.of().parseHex(SIGNATURE + header);
  }

  private static byte[] join(byte[] header, byte[] rest) {
    var all = Arrays.copyOf(header, header.length + rest.length);
    System.arraycopy(rest, 0, all, header.length, rest.length);
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 192.168.0.1 192.168.0.11 56324 1234, 192.168.0.1, 1234",
    "PROXY TCP6 2001:db8::1 2001:db8::2 56324 443, 2001:db8::1, 443",
    "PROXY TCP6 ::ffff:10.0.0.1 2001:db8::2 56324 443, 10.0.0.1, 443",
    "PROXY UNKNOWN, '', 0",
    "PROXY UNKNOWN whatever follows, '', 0",
    "20000000, '', 0",
    "2011000cc0a80001c0a8000bdc0404d2, '', 0",
    "21000000, '', 0",
    "2111000cc0a80001c0a8000bdc0404d2, 192.168.0.1, 1234",
    "21110013c0a80001c0a8000bdc0404d2ea000401020304, 192.168.0.1, 1234",
    "2121002420010db800000000000000000000000120010db8000000000000000000000002dc0401bb, 2001:db8::1,"
        + " 443"
  })
  void aHeaderIsReadInWhateverPiecesItComes(String header, String client, int port) {
    var all = join(bytes(header), BEHIND);
    for (int split = 0; split <= all.length; split++) {
      var outcome =
          Outcome.of(
              List.of(Arrays.copyOf(all, split), Arrays.copyOfRange(all, split, all.length)));
      assertThat(outcome.headers)
          .as("split at %d", split)
          .containsExactly(
              new ProxyHeader(client.isEmpty() ? null : IpAddress.parse(client), port));
      assertThat(outcome.passed).isEqualTo(REST);
      assertThat(outcome.open).isTrue();
    }
    var single = new ArrayList<byte[]>();
    for (var b : all) {
      single.add(new byte[] {b});
    }
    assertThat(Outcome.of(single).passed).isEqualTo(REST);
  }

  @Test
  void aPathOfAUnixSocketNamesNoClient() {
    var outcome = Outcome.of(List.of(bytes("213100d8" + "2f61".repeat(108)), BEHIND));
    assertThat(outcome.headers).containsExactly(new ProxyHeader(null, 0));
    assertThat(outcome.passed).isEqualTo(REST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324 1234 ",
        "PROXY TCP4  192.168.0.1 192.168.0.11 56324 1234",
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324",
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324 +1234",
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324 01234",
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324 65536",
        "PROXY TCP4 192.168.0.1 2001:db8::1 56324 1234",
        "PROXY TCP4 192.168.0.01 192.168.0.11 56324 1234",
        "PROXY TCP6 192.168.0.1 192.168.0.11 56324 1234",
        "PROXY TCP6 fe80::1%eth0 2001:db8::1 56324 1234",
        "PROXY TCP6 2001:db8::1 2001:db8::1%eth0 56324 1234",
        "PROXY TCP6 [2001:db8::1] 2001:db8::1 56324 1234",
        "PROXY TCP5 192.168.0.1 192.168.0.11 56324 1234",
        "PROXY UNKNOWNS",
        "PROXY ",
        "1111000cc0a80001c0a8000bdc0404d2",
        "2211000cc0a80001c0a8000bdc0404d2",
        "2112000cc0a80001c0a8000bdc0404d2",
        "2113000cc0a80001c0a8000bdc0404d2",
        "2141000cc0a80001c0a8000bdc0404d2",
        "2111000bc0a80001c0a8000bdc0404",
        "211110d9"
      })
  void aMalformedHeaderClosesTheConnectionInWhateverPiecesItComes(String header) {
    var all = join(bytes(header), BEHIND);
    for (int split = 0; split <= all.length; split++) {
      var outcome =
          Outcome.of(
              List.of(Arrays.copyOf(all, split), Arrays.copyOfRange(all, split, all.length)));
      assertThat(outcome).as("split at %d", split).isEqualTo(new Outcome(List.of(), "", false));
    }
  }

  @Test
  void aLineThatIsTooLongIsRefusedBeforeItsEnd() {
    var unknown = "PROXY UNKNOWN ";
    var longest = unknown + "x".repeat(105 - unknown.length());
    assertThat(Outcome.of(List.of(bytes(longest), BEHIND)).passed).isEqualTo(REST);
    var endless = (longest + "xx").getBytes(StandardCharsets.US_ASCII);
    assertThat(Outcome.of(List.of(endless)).open).isFalse();
  }

  @Test
  void whatIsNoHeaderNeverGetsFurther() {
    long seed = Seed.get();
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int round = 0; round < 20_000; round++) {
      var good =
          bytes(
              random.nextBoolean()
                  ? "PROXY TCP4 192.168.0.1 192.168.0.11 56324 1234"
                  : "21110013c0a80001c0a8000bdc0404d2ea000401020304");
      for (int i = random.nextInt(3) + 1; i > 0; i--) {
        good[random.nextInt(good.length)] = (byte) random.nextInt();
      }
      int split = random.nextInt(good.length);
      // A header behind a fault is none.
      var all = join(join(good, bytes("PROXY TCP4 192.0.2.66 192.0.2.66 1 1")), BEHIND);
      var outcome =
          Outcome.of(
              List.of(Arrays.copyOf(all, split), Arrays.copyOfRange(all, split, all.length)));
      var what = "seed %d, %s".formatted(seed, HexFormat.of().formatHex(good));
      assertThat(outcome.headers).as(what).hasSizeLessThanOrEqualTo(1);
      if (outcome.headers.isEmpty()) {
        assertThat(outcome.passed).as(what).isEmpty();
      } else {
        assertThat(new String(all, StandardCharsets.ISO_8859_1)).as(what).endsWith(outcome.passed);
      }
    }
  }

  @Test
  void aConnectionThatWaitsTooLongIsClosed() {
    var channel = new EmbeddedChannel();
    channel.freezeTime();
    ProxyHeader.expect(channel.pipeline(), TimeUnit.SECONDS.toNanos(5), header -> true);
    channel.writeInbound(Unpooled.copiedBuffer("PROXY T", StandardCharsets.US_ASCII));
    channel.advanceTimeBy(4, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isTrue();
    channel.advanceTimeBy(2, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    channel.finishAndReleaseAll();
  }
}
