package dev.weir.dataplane.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.http.IpAddress;
import dev.weir.dataplane.model.AddressSet;
import dev.weir.testsupport.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardedForTest {
  private static IpAddress ip(String text) {
    return Objects.requireNonNull(IpAddress.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.0/8   | 10.0.0.9 | 192.0.2.1                           | 192.0.2.1",
        "10.0.0.0/8   | 10.0.0.9 | 192.0.2.1, 10.0.0.1                 | 192.0.2.1",
        "10.0.0.0/8   | 10.0.0.9 | 6.6.6.6, 192.0.2.1, 10.0.0.1        | 192.0.2.1",
        "10.0.0.0/8   | 172.16.0.1 | 192.0.2.1                         | 172.16.0.1",
        "0.0.0.0/0    | 10.0.0.9 | 192.0.2.1, 198.51.100.7, 10.0.0.1   | 192.0.2.1",
        "10.0.0.0/8   | 10.0.0.9 | 6.6.6.6, unknown, 10.0.0.1          | 10.0.0.1",
        "10.0.0.0/8   | 10.0.0.9 | unknown                             | 10.0.0.9",
        "10.0.0.0/8   | 10.0.0.9 | 192.0.2.1 ,,  ,                     | 192.0.2.1",
        "10.0.0.0/8   | 10.0.0.9 | 192.0.2.1:4711                      | 192.0.2.1",
        "10.0.0.0/8   | 10.0.0.9 | 192.0.2.1:                          | 10.0.0.9",
        "10.0.0.0/8   | 10.0.0.9 | 192.0.2.1:x                         | 10.0.0.9",
        "10.0.0.0/8   | 10.0.0.9 | [2001:db8::1]:4711                  | 2001:db8::1",
        "10.0.0.0/8   | 10.0.0.9 | [2001:db8::1]                       | 2001:db8::1",
        "10.0.0.0/8   | 10.0.0.9 | [192.0.2.1]                         | 10.0.0.9",
        "10.0.0.0/8   | 10.0.0.9 | [2001:db8::1                        | 10.0.0.9",
        "10.0.0.0/8   | 10.0.0.9 | 2001:db8::1                         | 2001:db8::1",
        "10.0.0.0/8   | 10.0.0.9 | 2001:db8::1%eth0                    | 10.0.0.9",
        "10.0.0.0/8   | 10.0.0.9 | ::ffff:10.0.0.1, 10.0.0.2           | 10.0.0.1",
        "10.0.0.0/8   | 10.0.0.9 | 192.0.2.1 198.51.100.7              | 198.51.100.7",
        "10.0.0.0/8   | 10.0.0.9 | '  '                                | 10.0.0.9"
      })
  void theChainIsReadFromItsEndThroughTrustedWriters(
      String trusted, String peer, String chain, String client) {
    assertThat(ForwardedFor.client(List.of(chain), ip(peer), AddressSet.parse(trusted)))
        .isEqualTo(ip(client));
  }

  @Test
  void severalLinesAreOneChain() {
    var lines = List.of("6.6.6.6, 192.0.2.1", "", "10.0.0.1, 10.0.0.2");
    assertThat(ForwardedFor.client(lines, ip("10.0.0.9"), AddressSet.parse("10.0.0.0/8")))
        .isEqualTo(ip("192.0.2.1"));
  }

  @Test
  void anyChainIsReadAsTheReferenceReadsIt() {
    long seed = Seed.get();
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    var words =
        List.of(
            "10.0.0.1",
            "10.0.0.2",
            "192.0.2.1",
            "198.51.100.7:80",
            "2001:db8::1",
            "[2001:db8::2]:9",
            "fd00::1",
            "junk",
            "1.2.3",
            "-",
            "::ffff:10.0.0.3");
    var separators = List.of(",", ", ", " ", ",,", " , ", "\t");
    var trusted = AddressSet.parse("10.0.0.0/8, fd00::/8, 192.0.2.0/24");
    for (int round = 0; round < 20_000; round++) {
      var lines = new ArrayList<String>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        var line = new StringBuilder();
        for (int word = random.nextInt(5); word > 0; word--) {
          line.append(words.get(random.nextInt(words.size())));
          line.append(separators.get(random.nextInt(separators.size())));
        }
        lines.add(line.toString());
      }
      var peer = ip(random.nextInt(5) == 0 ? "203.0.113.1" : "10.9.9.9");
      assertThat(ForwardedFor.client(lines, peer, trusted))
          .as("seed %d, %s", seed, lines)
          .isEqualTo(reference(lines, peer, trusted));
    }
  }

  private static IpAddress reference(List<String> lines, IpAddress peer, AddressSet trusted) {
    var entries =
        Arrays.stream(String.join(",", lines).split("[, \t]+", -1))
            .filter(entry -> !entry.isEmpty())
            .toList()
            .reversed();
    var client = peer;
    for (var entry : entries) {
      var said = read(entry);
      if (!trusted.contains(client) || said == null) {
        break;
      }
      client = said;
    }
    return client;
  }

  private static @Nullable IpAddress read(String entry) {
    if (entry.matches("\\[.*]:\\d{1,5}")) {
      return IpAddress.parse(entry.replaceAll("^\\[|]:\\d+$", ""));
    }
    return IpAddress.parse(entry.replaceAll("^([^:]*):\\d{1,5}$", "$1"));
  }
}
