package dev.weir.dataplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code openssl ciphers} answers, less what BoringSSL doesn't speak. */
class CipherListTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "AES128-SHA:ECDHE-RSA-AES256-GCM-SHA384 | AES128-SHA:ECDHE-RSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES128-GCM-SHA256, AES128-SHA | ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA",
        "TLS_RSA_WITH_AES_128_CBC_SHA | AES128-SHA",
        "ECDHE+AESGCM+AES128 | ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256",
        "ECDSA+CHACHA20:kRSA+SHA | ECDHE-ECDSA-CHACHA20-POLY1305:AES256-SHA:AES128-SHA",
        "kRSA:!AES256 | AES128-GCM-SHA256:AES128-SHA",
        "!AES256:kRSA | AES128-GCM-SHA256:AES128-SHA",
        "kRSA:-AES256:AES256-SHA | AES128-GCM-SHA256:AES128-SHA:AES256-SHA",
        "kRSA:+AES256 | AES128-GCM-SHA256:AES128-SHA:AES256-GCM-SHA384:AES256-SHA",
        "AES128-SHA:AES256-SHA:@STRENGTH | AES256-SHA:AES128-SHA",
        "AES128-SHA:AES256-SHA@STRENGTH | AES256-SHA:AES128-SHA",
        "DEFAULT:!ECDHE | AES256-GCM-SHA384:AES128-GCM-SHA256:AES256-SHA:AES128-SHA",
        "kRSA+TLSv1.2:kRSA+SSLv3 | AES256-GCM-SHA384:AES128-GCM-SHA256:AES256-SHA:AES128-SHA",
        "ECDHE+aRSA+TLSv1 | ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA",
        "ALL:@SECLEVEL=3:!ECDSA:!SHA | ECDHE-RSA-AES256-GCM-SHA384:"
            + "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256",
        "aRSA:@SECLEVEL=4 | ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305",
      })
  void rulesAreFollowedAsOpenSslFollowsThem(String text, String suites) {
    assertThat(CipherList.parse(text).text()).isEqualTo(suites);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "AES128-SHA:DHE-RSA-AES128-GCM-SHA256 | DHE-RSA-AES128-GCM-SHA256",
        "AES128-SHA:RC4+RSA | RC4+RSA",
        "AES128-SHA:TLS_AES_128_GCM_SHA256 | TLS_AES_128_GCM_SHA256",
        "AES128-SHA:@SECLEVEL=2 | @SECLEVEL=2 for keys and signatures",
      })
  void whatIsNotToBeHadIsNamed(String text, String unmet) {
    var list = CipherList.parse(text);
    assertThat(list.unmet()).containsExactly(unmet);
    assertThat(list.text()).isEqualTo("AES128-SHA");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AES128-SHA:!aNULL:!eNULL:!EXPORT:!DES:!RC4:!MD5:!PSK:!DHE-RSA-AES128-SHA",
        "!AES256:AES256-SHA:AES128-SHA:@SECLEVEL=0",
      })
  void whatIsExcludedAndNotThereIsNoMatter(String text) {
    assertThat(CipherList.parse(text).unmet()).isEmpty();
    assertThat(CipherList.parse(text).text()).isEqualTo("AES128-SHA");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AES128-SHA;}",
        "AES128-SHA:!",
        "@MAGIC",
        "@SECLEVEL=6",
        "AES$",
        "\"ALL\"",
        "ALL:ä"
      })
  void whatIsNoCipherStringIsRefused(String text) {
    assertThatThrownBy(() -> CipherList.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "TLSv1.2 TLSv1.3 | TLSv1.2 TLSv1.3 | []",
        "TLSv1.3   TLSv1.2 | TLSv1.2 TLSv1.3 | []",
        "TLSv1.3 | TLSv1.3 | []",
        "SSLv3 TLSv1 TLSv1.1 TLSv1.2 | TLSv1 TLSv1.1 TLSv1.2 | [SSLv3]",
        "TLSv1 TLSv1.2 TLSv1.3 | TLSv1.2 TLSv1.3 | [TLSv1]",
        "SSLv2 SSLv3 | '' | [SSLv2, SSLv3]",
      })
  void versionsAreThoseUpToTheNewestWithoutGap(String text, String versions, String unmet) {
    var list = TlsVersionList.parse(text);
    assertThat(list.text()).isEqualTo(versions);
    assertThat(list.unmet()).hasToString(unmet);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.4", "TLSv1.2,TLSv1.3", "tlsv1.2", "TLS1.2", "all"})
  void whatIsNoVersionIsRefused(String text) {
    assertThatThrownBy(() -> TlsVersionList.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TLSv1.2");
  }
}
