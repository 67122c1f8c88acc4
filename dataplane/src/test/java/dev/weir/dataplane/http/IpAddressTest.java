package dev.weir.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testsupport.Seed;
import java.net.InetAddress;
import java.util.Objects;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1",
    "255.255.255.255, 255.255.255.255",
    "::ffff:10.0.0.1, 10.0.0.1",
    "::FFFF:a00:1, 10.0.0.1",
    "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
    "::1, ::1",
    "::10.0.0.1, ::a00:1",
    "::ffaf:10.0.0.1, ::ffaf:a00:1",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
    "::, ::"
  })
  void anAddressHasOneText(String written, String text) {
    assertThat(Objects.requireNonNull(IpAddress.parse(written)).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1..3.4",
        "1.2.3.4.",
        "1.2.3.-4",
        "+1.2.3.4",
        "0x1.2.3.4",
        "1.2.3.4/8",
        "::1%lo",
        "[::1]",
        ":::",
        "1::2::3",
        "12345::",
        "::ffff:00.1.0.1",
        "::ffff:1.2.3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7::8",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:6:7:",
        ":1:2:3:4:5:6:7",
        "1::2:",
        ":",
        "::\uff11",
        "1:2:3:4:5:6:7:8:9",
        "localhost",
        "1.2.3.4\r\n",
        "::1\u0000"
      })
  void whatIsNoAddressIsNone(String text) {
    assertThat(IpAddress.parse(text)).isNull();
  }

  @Test
  void whatTheJdkWritesIsReadAsTheSame() throws Exception {
    long seed = Seed.get();
    var numbers = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < 20_000; i++) {
      var bytes = new byte[numbers.nextBoolean() ? 4 : 16];
      numbers.nextBytes(bytes);
      for (int zero = 0; zero < bytes.length; zero++) {
        bytes[zero] = numbers.nextInt(3) == 0 ? bytes[zero] : 0;
      }
      var address = InetAddress.getByAddress(bytes);
      var ours = IpAddress.of(address);
      assertThat(IpAddress.parse(address.getHostAddress())).as("seed %d", seed).isEqualTo(ours);
      assertThat(IpAddress.parse(ours.text())).as("seed %d", seed).isEqualTo(ours);
    }
  }
}
