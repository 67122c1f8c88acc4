package dev.weir.tls;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The library AWS-LC, loaded when it is first needed and by a thread of its own, since that takes
 * half a second. Safe for all threads.
 */
final class AwsLc {
  private static final Logger LOG = LoggerFactory.getLogger(AwsLc.class);

  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile @Nullable Provider provider;

  /** Null until it is loaded, and for ever where it can't be. Never waits. */
  @Nullable Provider provider() {
    var loaded = provider;
    if (loaded == null && !asked.getPlain() && asked.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("weir-aws-lc").start(this::load);
    }
    return loaded;
  }

  /** Loads it, on the calling thread. */
  void load() {
    var accp = AmazonCorrettoCryptoProvider.INSTANCE;
    var error = accp.getLoadingError();
    if (error == null) {
      provider = accp;
    } else {
      LOG.info("AWS-LC could not be loaded; BoringSSL signs with RSA keys.", error);
    }
  }

  /** The same RSA key as AWS-LC holds it. */
  static PrivateKey adopt(PrivateKey key, Provider provider) throws GeneralSecurityException {
    return KeyFactory.getInstance("RSA", provider)
        .generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
  }
}
