package dev.weir.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagTypeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http-port                | 0                  | true
          http-port                | 65535              | true
          http-port                | 65536              | false
          http-port                | eighty             | false
          http-port                | -1                 | false
          http-port                | ''                 | false
          enable-metrics           | true               | true
          enable-metrics           | F                  | true
          enable-metrics           | yes                | false
          configmap                | ingress-nginx/main | true
          configmap                | ''                 | true
          configmap                | main               | false
          configmap                | a/b/c              | false
          configmap                | $(POD_NAMESPACE)/x | false
          watch-namespace          | shop               | true
          watch-namespace          | a,b                | false
          election-ttl             | 1m30s              | true
          election-ttl             | 1.5h               | true
          election-ttl             | 0                  | true
          election-ttl             | 30                 | false
          election-ttl             | soon               | false
          shutdown-grace-period    | 30                 | true
          shutdown-grace-period    | 30s                | false
          sync-rate-limit          | 0.3                | true
          sync-rate-limit          | fast               | false
          time-buckets             | 0.1,1,1e3          | true
          time-buckets             | 0.1,,1             | false
          health-check-path        | /healthz           | true
          health-check-path        | healthz            | false
          validating-webhook       | :8443              | true
          validating-webhook       | [::1]:8443         | true
          validating-webhook       | 8443               | false
          bind-address             | 127.0.0.1,[::1]    | true
          bind-address             | localhost          | false
          transport                | nio                | true
          transport                | rdma               | false
          """)
  void aFlagAcceptsWhatItsTypeSays(String flag, String value, boolean accepted) {
    var spec = FlagTable.RUN.find(flag);
    assertThat(spec).isNotNull();
    assertThat(spec.type().accepts().test(value)).isEqualTo(accepted);
  }

  @ParameterizedTest
  @CsvSource({
    "30s,PT30S",
    "1m30s,PT1M30S",
    "1.5h,PT1H30M",
    "0,PT0S",
    "250ms,PT0.25S",
    "2us,PT0.000002S"
  })
  void aDurationIsReadAsGoReadsIt(String text, Duration expected) {
    assertThat(GoDuration.parse(text)).isEqualTo(expected);
  }
}
