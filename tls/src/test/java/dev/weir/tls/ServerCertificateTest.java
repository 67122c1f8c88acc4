package dev.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerCertificateTest {
  @ParameterizedTest(name = "{0} with {1}")
  @CsvSource({
    "rsa-chain.crt, rsa-chain.key",
    "rsa-chain.crt, rsa-chain.pkcs1.key",
    "ec.crt, ec.sec1.key",
    "ec.crt, ec.pkcs8.key",
    "ed25519.crt, ed25519.key",
  })
  void everyUsualFormOfPemIsRead(String certificate, String key) throws Exception {
    var read = ServerCertificate.ofPem(TestPem.read(certificate), TestPem.read(key));
    assertThat(read.fingerprint()).hasSize(64);
    assertThat(read).hasToString("ServerCertificate[" + read.fingerprint() + "]");
  }

  @ParameterizedTest(name = "{0} with {1}: {2}")
  @CsvSource({
    "ec.crt, rsa-chain.key, does not belong",
    "ec.crt, ec-other.key, does not belong",
    "ec.crt, ec.crt, no private key found",
    "ec.pkcs8.key, ec.pkcs8.key, no certificate found",
    "ec.crt, encrypted.key, is encrypted",
  })
  void whatCannotServeIsRefusedWithAReason(String certificate, String key, String reason) {
    assertThatThrownBy(() -> ServerCertificate.ofPem(TestPem.read(certificate), TestPem.read(key)))
        .isInstanceOf(InvalidCertificateException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void damagedPemIsRefusedAndNothingElse() throws IOException {
    long seed = 20_260_101;
    var random = new Random(seed);
    var certificate = TestPem.read("rsa-chain.crt");
    var key = TestPem.read("rsa-chain.key");
    for (int i = 0; i < 2_000; i++) {
      boolean damageKey = random.nextBoolean();
      var damaged = damageKey ? certificate : damage(certificate, random);
      var damagedKey = damageKey ? damage(key, random) : key;
      try {
        assertThat(ServerCertificate.ofPem(damaged, damagedKey).chain())
            .as("seed %d, case %d", seed, i)
            .isNotEmpty();
      } catch (InvalidCertificateException expected) {
        assertThat(expected.getMessage()).as("seed %d, case %d", seed, i).isNotEmpty();
      }
    }
  }

  private static byte[] damage(byte[] bytes, Random random) {
    var copy =
        Arrays.copyOf(bytes, random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length);
    for (int n = random.nextInt(4); n >= 0 && copy.length > 0; n--) {
      copy[random.nextInt(copy.length)] = (byte) random.nextInt(128);
    }
    return copy;
  }

  @Test
  void textThatIsNoPemIsRefused() {
    var text = "hello".getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> ServerCertificate.ofPem(text, text))
        .isInstanceOf(InvalidCertificateException.class)
        .hasMessageContaining("BEGIN CERTIFICATE");
  }

  @ParameterizedTest(name = "{0} covers {1}: {2}")
  @CsvSource({
    "rsa-chain, rsa.example.com, true",
    "rsa-chain, www.rsa.example.com, true",
    "rsa-chain, a.www.rsa.example.com, false",
    "rsa-chain, *.rsa.example.com, true",
    "rsa-chain, example.com, false",
    "rsa-chain, not-a-name-but-cn.example.com, false",
    "cn-only, cn.example.com, true",
    "cn-only, other.example.com, false",
  })
  void namesCoverHostsByWholeLabelsAndTheCommonNameCountsOnlyAlone(
      String name, String host, boolean covered) throws Exception {
    var certificate =
        ServerCertificate.ofPem(TestPem.read(name + ".crt"), TestPem.read(name + ".key"));
    assertThat(certificate.covers(host)).isEqualTo(covered);
  }
}
