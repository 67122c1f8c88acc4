package dev.weir.tls;

import io.netty.handler.ssl.OpenSslPrivateKeyMethod;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.function.Function;
import javax.crypto.Cipher;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * What handshakes do with RSA keys, by AWS-LC: BoringSSL makes no use of the vector instructions
 * that halve the time of a signature, which is most of the handshake. It gets only keys that {@link
 * CertificateSelector} withholds from BoringSSL.
 *
 * <p>Called by BoringSSL on event loops; safe for all of them. A failure fails the one handshake.
 */
final class RsaSigner implements OpenSslPrivateKeyMethod {
  private final AwsLc awsLc;
  private final Function<SSLEngine, @Nullable PrivateKey> keys;

  /**
   * Sets up.
   *
   * @param keys the key, of AWS-LC, of the certificate that a handshake chose
   */
  RsaSigner(AwsLc awsLc, Function<SSLEngine, @Nullable PrivateKey> keys) {
    this.awsLc = awsLc;
    this.keys = keys;
  }

  @Override
  public byte[] sign(SSLEngine engine, int algorithm, byte[] input) throws Exception {
    var key = key(engine);
    if (algorithm == SSL_SIGN_RSA_PKCS1_MD5_SHA1) {
      return signMd5Sha1(key, input);
    }
    var signature = Signature.getInstance(nameOf(algorithm), awsLc.provider());
    var pss = pssOf(algorithm);
    if (pss != null) {
      signature.setParameter(pss);
    }
    signature.initSign(key);
    signature.update(input);
    return signature.sign();
  }

  /** Raw RSA; BoringSSL takes the padding off in constant time (RFC 5246 7.4.7.1). */
  @Override
  public byte[] decrypt(SSLEngine engine, byte[] input) throws Exception {
    var cipher = Cipher.getInstance("RSA/ECB/NoPadding");
    cipher.init(Cipher.DECRYPT_MODE, key(engine));
    return cipher.doFinal(input);
  }

  private PrivateKey key(SSLEngine engine) throws InvalidKeyException {
    var key = keys.apply(engine);
    if (key == null) {
      throw new InvalidKeyException("no certificate was chosen for this handshake");
    }
    return key;
  }

  /** TLS 1.0 and 1.1 sign both digests without naming them (RFC 4346 7.4.3). */
  private static byte[] signMd5Sha1(PrivateKey key, byte[] input) throws GeneralSecurityException {
    var md5 = MessageDigest.getInstance("MD5").digest(input);
    var sha1 = MessageDigest.getInstance("SHA-1").digest(input);
    var cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
    cipher.init(Cipher.ENCRYPT_MODE, key);
    cipher.update(md5);
    return cipher.doFinal(sha1);
  }

  private static String nameOf(int algorithm) throws SignatureException {
    if (algorithm == SSL_SIGN_RSA_PKCS1_SHA1) {
      return "SHA1withRSA";
    } else if (algorithm == SSL_SIGN_RSA_PKCS1_SHA256) {
      return "SHA256withRSA";
    } else if (algorithm == SSL_SIGN_RSA_PKCS1_SHA384) {
      return "SHA384withRSA";
    } else if (algorithm == SSL_SIGN_RSA_PKCS1_SHA512) {
      return "SHA512withRSA";
    } else if (pssOf(algorithm) != null) {
      return "RSASSA-PSS";
    }
    throw new SignatureException("no RSA signature scheme: 0x" + Integer.toHexString(algorithm));
  }

  private static @Nullable PSSParameterSpec pssOf(int algorithm) {
    if (algorithm == SSL_SIGN_RSA_PSS_RSAE_SHA256) {
      return new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
    } else if (algorithm == SSL_SIGN_RSA_PSS_RSAE_SHA384) {
      return new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1);
    } else if (algorithm == SSL_SIGN_RSA_PSS_RSAE_SHA512) {
      return new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, 64, 1);
    }
    return null;
  }
}
