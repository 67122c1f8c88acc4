package dev.weir.dataplane.filters;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.weir.dataplane.filter.FilterServices;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Answers of authentication services, over all routes together at most {@link #MOST_BYTES}.
 *
 * <p>Entries are found by a keyed hash (HMAC-SHA-256 under a key that never leaves the process), so
 * that nobody can aim at somebody else's entry and no credential stands in memory as a key. Each
 * filter has a salt of its own: answers under other settings, or of another route, are never found.
 * May be used from any thread.
 */
final class AuthCache {
  private static final long MOST_BYTES = 32L << 20;
  private static final int OVERHEAD = 150;
  private static final String HMAC = "HmacSHA256";

  private final SecretKeySpec secret = newSecret();
  private final Cache<Key, Kept> replies;

  private record Key(ByteBuffer hash) {}

  private record Kept(AuthReply reply, long nanos) {}

  AuthCache(FilterServices services) {
    replies =
        Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES)
            .weigher((Key key, Kept kept) -> OVERHEAD + kept.reply.weight())
            .expireAfter(Expiry.<Key, Kept>creating((key, kept) -> Duration.ofNanos(kept.nanos)))
            .ticker(services.nanoTime()::getAsLong)
            .build();
  }

  /** The one that all filters share. */
  static AuthCache shared(FilterServices services) {
    return services.shared().of(AuthCache.class, () -> new AuthCache(services));
  }

  private static SecretKeySpec newSecret() {
    return new SecretKeySpec(newSalt(), HMAC);
  }

  /** Random bytes that tell one filter's entries from another's. */
  static byte[] newSalt() {
    var salt = new byte[32];
    new SecureRandom().nextBytes(salt);
    return salt;
  }

  /** Under which an answer for {@code value} is kept. */
  byte[] key(byte[] salt, String value) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(secret);
      mac.update(salt);
      return mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no " + HMAC, e);
    }
  }

  @Nullable AuthReply find(byte[] key) {
    var kept = replies.getIfPresent(new Key(ByteBuffer.wrap(key)));
    return kept == null ? null : kept.reply;
  }

  void keep(byte[] key, AuthReply reply, long nanos) {
    var copy = Arrays.copyOf(key, key.length);
    replies.put(new Key(ByteBuffer.wrap(copy)), new Kept(reply, nanos));
  }
}
