package dev.weir.dataplane.filters;

import dev.weir.dataplane.model.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.apache.commons.codec.digest.Md5Crypt;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.apache.commons.codec.digest.UnixCrypt;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** Compares passwords with their hashes. */
interface PasswordHashing {
  /** Compares for real, in time that doesn't depend on where a difference is. */
  PasswordHashing STANDARD = PasswordHashing::compare;

  /** Whether the password is the one that was hashed; may take long. */
  boolean matches(PasswordHash hash, byte[] password);

  private static boolean compare(PasswordHash hash, byte[] password) {
    var text = hash.text();
    return switch (hash.scheme()) {
      // These overwrite the password when they are done with it.
      case APR1 -> equal(Md5Crypt.apr1Crypt(password.clone(), text), text);
      case MD5 -> equal(Md5Crypt.md5Crypt(password.clone(), text), text);
      case SHA256 -> equal(Sha2Crypt.sha256Crypt(password.clone(), text), text);
      case SHA512 -> equal(Sha2Crypt.sha512Crypt(password.clone(), text), text);
      case CRYPT -> equal(UnixCrypt.crypt(password.clone(), text.substring(0, 2)), text);
      case BCRYPT -> OpenBSDBCrypt.checkPassword(text, password.clone());
      case SHA -> isDigest(base64(text, "{SHA}"), password);
      case SALTED_SHA -> isDigest(base64(text, "{SSHA}"), password);
      case PLAIN ->
          MessageDigest.isEqual(
              sha1(text.substring("{PLAIN}".length()).getBytes(StandardCharsets.ISO_8859_1)),
              sha1(password));
    };
  }

  private static boolean equal(String computed, String kept) {
    return MessageDigest.isEqual(
        computed.getBytes(StandardCharsets.ISO_8859_1), kept.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static byte[] base64(String text, String mark) {
    return Base64.getDecoder().decode(text.substring(mark.length()));
  }

  /** A digest, and what was hashed after the password. */
  private static boolean isDigest(byte[] kept, byte[] password) {
    int length = 20;
    var salted = Arrays.copyOf(password, password.length + kept.length - length);
    System.arraycopy(kept, length, salted, password.length, kept.length - length);
    return MessageDigest.isEqual(Arrays.copyOf(kept, length), sha1(salted));
  }

  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
