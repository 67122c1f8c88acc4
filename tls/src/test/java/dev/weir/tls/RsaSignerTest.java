package dev.weir.tls;

import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_ECDSA_SECP256R1_SHA256;
import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PKCS1_MD5_SHA1;
import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PKCS1_SHA1;
import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PKCS1_SHA256;
import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PKCS1_SHA384;
import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PKCS1_SHA512;
import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PSS_RSAE_SHA256;
import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PSS_RSAE_SHA384;
import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PSS_RSAE_SHA512;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What AWS-LC signs, the JDK verifies. */
class RsaSignerTest {
  private static final byte[] MESSAGE = "a transcript".getBytes(StandardCharsets.US_ASCII);

  private final ServerCertificate certificate;
  private final PublicKey publicKey;
  private final SSLEngine engine;
  private final RsaSigner signer;
  private final AwsLc awsLc = new AwsLc();

  RsaSignerTest() throws Exception {
    certificate =
        ServerCertificate.ofPem(TestPem.read("rsa-chain.crt"), TestPem.read("rsa-chain.key"));
    publicKey = certificate.chain().getFirst().getPublicKey();
    engine = SSLContext.getDefault().createSSLEngine();
    awsLc.load();
    var key = AwsLc.adopt(certificate.key(), Objects.requireNonNull(awsLc.provider()));
    signer = new RsaSigner(awsLc, any -> key);
  }

  private static Stream<Arguments> schemes() {
    return Stream.of(
        Arguments.of(SSL_SIGN_RSA_PKCS1_SHA1, "SHA1withRSA", null),
        Arguments.of(SSL_SIGN_RSA_PKCS1_SHA256, "SHA256withRSA", null),
        Arguments.of(SSL_SIGN_RSA_PKCS1_SHA384, "SHA384withRSA", null),
        Arguments.of(SSL_SIGN_RSA_PKCS1_SHA512, "SHA512withRSA", null),
        pss(SSL_SIGN_RSA_PSS_RSAE_SHA256, MGF1ParameterSpec.SHA256, 32),
        pss(SSL_SIGN_RSA_PSS_RSAE_SHA384, MGF1ParameterSpec.SHA384, 48),
        pss(SSL_SIGN_RSA_PSS_RSAE_SHA512, MGF1ParameterSpec.SHA512, 64));
  }

  private static Arguments pss(int scheme, MGF1ParameterSpec mask, int salt) {
    var parameters = new PSSParameterSpec(mask.getDigestAlgorithm(), "MGF1", mask, salt, 1);
    return Arguments.of(scheme, "RSASSA-PSS", parameters);
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void everySchemeOfRsaKeysIsSigned(int scheme, String name, @Nullable PSSParameterSpec parameters)
      throws Exception {
    var verifier = Signature.getInstance(name, "SunRsaSign");
    if (parameters != null) {
      verifier.setParameter(parameters);
    }
    verifier.initVerify(publicKey);
    verifier.update(MESSAGE);
    assertThat(verifier.verify(signer.sign(engine, scheme, MESSAGE))).isTrue();
  }

  @Test
  void theSchemeOfOldVersionsIsSigned() throws Exception {
    var cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
    cipher.init(Cipher.DECRYPT_MODE, publicKey);
    var digests = cipher.doFinal(signer.sign(engine, SSL_SIGN_RSA_PKCS1_MD5_SHA1, MESSAGE));
    assertThat(digests).hasSize(36).startsWith(MessageDigest.getInstance("MD5").digest(MESSAGE));
    assertThat(digests).endsWith(MessageDigest.getInstance("SHA-1").digest(MESSAGE));
  }

  @Test
  void aSecretIsDecryptedWithItsPadding() throws Exception {
    var cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
    cipher.init(Cipher.ENCRYPT_MODE, publicKey);
    var decrypted = signer.decrypt(engine, cipher.doFinal(MESSAGE));
    assertThat(decrypted).hasSize(256).startsWith(0, 2).endsWith(MESSAGE);
  }

  @Test
  void otherSchemesAndHandshakesWithoutKeyFail() {
    assertThatThrownBy(() -> signer.sign(engine, SSL_SIGN_ECDSA_SECP256R1_SHA256, MESSAGE))
        .isInstanceOf(SignatureException.class);
    assertThatThrownBy(
            () ->
                new RsaSigner(awsLc, any -> null).sign(engine, SSL_SIGN_RSA_PKCS1_SHA256, MESSAGE))
        .isInstanceOf(InvalidKeyException.class);
  }

  @Test
  void onlyRsaKeysAreKeptFromTheTlsLibraryAndOnlyOnceAwsLcIsThere() {
    var curve = SelfSignedCertificate.forDefault(Clock.systemUTC());
    assertThat(keyInHandshake(certificate, "RSA", awsLc)).isNull();
    assertThat(keyInHandshake(curve, "EC", awsLc)).isEqualTo(curve.key());
    assertThat(keyInHandshake(certificate, "RSA", null)).isEqualTo(certificate.key());
  }

  private @Nullable PrivateKey keyInHandshake(
      ServerCertificate served, String type, @Nullable AwsLc library) {
    var table = CertificateTable.empty().with(Map.of(), Set.of(), served);
    var selector =
        new CertificateSelector(
            () -> table,
            TlsPolicy.DEFAULT,
            TlsServer.surroundings(() -> table, Clock.systemUTC()).staples(),
            library);
    var alias = Objects.requireNonNull(selector.chooseEngineServerAlias(type, null, engine));
    assertThat(selector.getCertificateChain(alias)).containsExactlyElementsOf(served.chain());
    return selector.getPrivateKey(alias);
  }
}
