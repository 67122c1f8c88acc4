package dev.weir.dataplane.model;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A cipher suite of TLS 1.2 and before that BoringSSL under Netty speaks with certificates, in the
 * order of OpenSSL's {@code ALL}. Those of TLS 1.3 are no matter of choice here: all three are
 * always on.
 */
public enum CipherSuite {
  ECDHE_ECDSA_AES256_GCM(
      "ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
  ECDHE_RSA_AES256_GCM("ECDHE-RSA-AES256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
  ECDHE_ECDSA_CHACHA20(
      "ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
  ECDHE_RSA_CHACHA20("ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
  ECDHE_ECDSA_AES128_GCM(
      "ECDHE-ECDSA-AES128-GCM-SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
  ECDHE_RSA_AES128_GCM("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
  ECDHE_ECDSA_AES256_SHA("ECDHE-ECDSA-AES256-SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
  ECDHE_RSA_AES256_SHA("ECDHE-RSA-AES256-SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"),
  ECDHE_ECDSA_AES128_SHA("ECDHE-ECDSA-AES128-SHA", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
  ECDHE_RSA_AES128_SHA("ECDHE-RSA-AES128-SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
  RSA_AES256_GCM("AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384"),
  RSA_AES128_GCM("AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"),
  RSA_AES256_SHA("AES256-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"),
  RSA_AES128_SHA("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA");

  private static final Map<String, String> TEXTS =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(CipherSuite::ianaName, CipherSuite::text));

  private final String text;
  private final String ianaName;

  CipherSuite(String text, String ianaName) {
    this.text = text;
    this.ianaName = ianaName;
  }

  /** OpenSSL's name. */
  public String text() {
    return text;
  }

  /** The name in IANA's register, which is the JDK's, too. */
  public String ianaName() {
    return ianaName;
  }

  /** OpenSSL's name of a suite, of TLS 1.3, too; the given one if it isn't known here. */
  public static String textOf(String ianaName) {
    return TEXTS.getOrDefault(ianaName, ianaName);
  }

  /** Whether the key exchange is ephemeral, so that a key that leaks later opens nothing. */
  boolean forwardSecret() {
    return text.startsWith("ECDHE-");
  }

  /** Whether the server proves itself with an ECDSA certificate; with an RSA one otherwise. */
  boolean ecdsa() {
    return text.startsWith("ECDHE-ECDSA-");
  }

  boolean gcm() {
    return text.contains("-GCM-");
  }

  boolean chacha() {
    return text.endsWith("-CHACHA20-POLY1305");
  }

  /** Bits of the key. */
  int strength() {
    return text.contains("AES128") ? 128 : 256;
  }

  /** OpenSSL's word for the code that authenticates records; empty where the cipher does. */
  String mac() {
    return gcm() || chacha() ? "" : "SHA1";
  }

  /** The protocol version that OpenSSL files it under. */
  String since() {
    return mac().equals("SHA1") ? forwardSecret() ? "TLSv1.0" : "SSLv3" : "TLSv1.2";
  }

  @Override
  public String toString() {
    return text;
  }
}
