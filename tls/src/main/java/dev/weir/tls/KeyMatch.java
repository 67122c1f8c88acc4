package dev.weir.tls;

import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.OpenSsl;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * Whether a private key belongs to a certificate. BoringSSL derives the public key from the private
 * one and compares, which takes it a fraction of what a signature and its verification take the
 * JDK, whose code for that is cold at a start with many Secrets besides. Where it doesn't say yes,
 * be it that it isn't there, or doesn't know the kind of key, a signature is made and verified.
 *
 * <p>Thread rule: any thread but an event loop.
 */
final class KeyMatch {
  private static final byte[] CHALLENGE = {1, 2, 3, 4};
  private static final int LINE = 64;

  private KeyMatch() {}

  /**
   * Whether they belong together.
   *
   * @throws GeneralSecurityException if one of them is of a kind that can't be used
   */
  static boolean belongTogether(X509Certificate leaf, PrivateKey key)
      throws GeneralSecurityException {
    if (!sameFamily(leaf.getPublicKey().getAlgorithm(), key.getAlgorithm())) {
      return false;
    }
    return (OpenSsl.isAvailable() && sayBoringSsl(leaf, key)) || verifies(leaf, key);
  }

  private static boolean sameFamily(String publicAlgorithm, String privateAlgorithm) {
    return (publicAlgorithm.startsWith("Ed") && privateAlgorithm.startsWith("Ed"))
        || (publicAlgorithm.startsWith("EC") && privateAlgorithm.startsWith("EC"))
        || publicAlgorithm.equals(privateAlgorithm);
  }

  private static boolean sayBoringSsl(X509Certificate leaf, PrivateKey key) {
    long context = 0;
    long certificate = 0;
    long privateKey = 0;
    try {
      context = SSLContext.make(SSL.SSL_PROTOCOL_TLSV1_2, SSL.SSL_MODE_SERVER);
      certificate = pem("CERTIFICATE", leaf.getEncoded());
      privateKey = pem("PRIVATE KEY", key.getEncoded());
      return SSLContext.setCertificateBio(context, certificate, privateKey, "");
    } catch (Exception e) {
      // What it complains of would be found by whoever asks it the next time on this thread.
      SSL.clearError();
      return false;
    } finally {
      free(privateKey);
      free(certificate);
      if (context != 0) {
        SSLContext.free(context);
      }
    }
  }

  private static void free(long bio) {
    if (bio != 0) {
      SSL.freeBIO(bio);
    }
  }

  /** As BoringSSL reads it; freed by the caller. */
  private static long pem(String label, byte[] der) {
    var base64 = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
    var text = "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    var bytes = Unpooled.directBuffer(text.length());
    try {
      bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
      long bio = SSL.newMemBIO();
      SSL.bioWrite(bio, bytes.memoryAddress(), bytes.readableBytes());
      return bio;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      // A private key must not stay in memory that others get.
      bytes.setZero(0, bytes.capacity());
      bytes.release();
    }
  }

  private static boolean verifies(X509Certificate leaf, PrivateKey key)
      throws GeneralSecurityException {
    var algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC", "ECDSA" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    var signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    signer.update(CHALLENGE);
    var verifier = Signature.getInstance(algorithm);
    verifier.initVerify(leaf.getPublicKey());
    verifier.update(CHALLENGE);
    return verifier.verify(signer.sign());
  }
}
