package dev.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CertificateTableTest {
  private final ServerCertificate a = SelfSignedCertificate.forHost("a.test", Clock.systemUTC());
  private final ServerCertificate b = SelfSignedCertificate.forHost("b.test", Clock.systemUTC());

  @Test
  void aTableIsNeverChangedByItsSuccessor() {
    var before = CertificateTable.empty().with(Map.of("a.test", a), Set.of(), b);
    var after = before.with(Map.of("a.test", b), Set.of(), null);
    assertThat(before.find("a.test")).isEqualTo(a);
    assertThat(after.find("a.test")).isEqualTo(b);
    assertThat(after.find("A.TEST.")).isEqualTo(b);
    assertThat(after.find("unknown.test")).isEqualTo(b);
  }

  @Test
  void randomChangesAgreeWithAMap() {
    long seed = 7;
    var random = new Random(seed);
    var model = new HashMap<String, ServerCertificate>();
    var table = CertificateTable.empty();
    for (int i = 0; i < 5_000; i++) {
      var name = (random.nextInt(5) == 0 ? "*." : "") + "h" + random.nextInt(300) + ".test";
      if (random.nextInt(3) == 0) {
        model.remove(name);
        table = table.with(Map.of(), Set.of(name), null);
      } else {
        var certificate = random.nextBoolean() ? a : b;
        model.put(name, certificate);
        table = table.with(Map.of(name, certificate), Set.of(), null);
      }
      assertThat(table.size()).as("seed %d, step %d", seed, i).isEqualTo(model.size());
    }
    assertThat(table.names()).isEqualTo(model.keySet());
    for (var entry : model.entrySet()) {
      if (!entry.getKey().startsWith("*")) {
        assertThat(table.find(entry.getKey())).isEqualTo(entry.getValue());
      }
    }
  }
}
