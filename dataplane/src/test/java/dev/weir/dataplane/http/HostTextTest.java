package dev.weir.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A host read from bytes is found by the same hashes as one that was written down. */
class HostTextTest {
  @ParameterizedTest
  @CsvSource({
    "shop.example.com, shop.example.com",
    "a.foo.com:8080, a.foo.com",
    "a.b.foo.com, a.b.foo.com",
    "foo, foo",
    "10.0.0.1:80, 10.0.0.1"
  })
  void bothWaysLeadToTheSameTables(String authority, String host) {
    var read = new HostText();
    var bytes = ("xx" + authority).getBytes(StandardCharsets.US_ASCII);
    assertThat(read.read(bytes, 2, bytes.length)).isTrue();
    var written = HostText.of(host);
    assertThat(read.hash()).isEqualTo(written.hash());
    assertThat(read.parentStart()).isEqualTo(written.parentStart());
    assertThat(read.parentHash()).isEqualTo(written.parentHash());
    assertThat(read).hasToString(host);
  }
}
