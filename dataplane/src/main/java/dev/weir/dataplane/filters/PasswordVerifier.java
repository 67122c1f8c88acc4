package dev.weir.dataplane.filters;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.model.PasswordHash;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies passwords on other threads, each pair of hash and password once: results are remembered
 * under a keyed digest of user, hash and password, with a key that only this process knows. A hash
 * that changed is another pair, so that no result outlives it. Requests with the same pair wait for
 * one verification; if all of them leave before it begins, it isn't done.
 *
 * <p>Shared by all routes; may be used from any thread.
 */
final class PasswordVerifier {
  /** Pairs that wait or are being verified; one more is refused at once. */
  static final int MOST_PENDING = 64;

  private static final Logger LOG = LoggerFactory.getLogger(PasswordVerifier.class);
  private static final String ALGORITHM = "HmacSHA256";

  private final Cache<Pair, Boolean> results =
      Caffeine.newBuilder().maximumSize(50_000).expireAfterAccess(Duration.ofHours(1)).build();
  private final ConcurrentMap<Pair, Attempt> attempts = new ConcurrentHashMap<>();
  private final AtomicInteger pending = new AtomicInteger();
  private final SecretKeySpec key;
  private final FastThreadLocal<Mac> macs =
      new FastThreadLocal<>() {
        @Override
        protected Mac initialValue() throws GeneralSecurityException {
          var mac = Mac.getInstance(ALGORITHM);
          mac.init(key);
          return mac;
        }
      };
  private final Executor background;
  private final PasswordHashing hashing;

  /** What a verification came to. */
  enum Verdict {
    MATCHES,
    DIFFERS,
    /** It can't be told now. */
    BUSY
  }

  /** Digest of a user, a hash and a password. */
  record Pair(long first, long second, long third, long fourth) {}

  /**
   * What is to be verified.
   *
   * @param known whether there is such a user; for others {@code hash} is another user's, so that
   *     the work is the same
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Question(String user, boolean known, PasswordHash hash, byte[] password) {}

  PasswordVerifier(Executor background, PasswordHashing hashing) {
    this.background = background;
    this.hashing = hashing;
    var random = new byte[32];
    new SecureRandom().nextBytes(random);
    key = new SecretKeySpec(random, ALGORITHM);
  }

  /** The question's digest. */
  Pair pair(Question question) {
    var mac = macs.get();
    mac.update((byte) (question.known ? 1 : 0));

    update(mac, question.user);
    update(mac, question.hash.text());
    var digest = ByteBuffer.wrap(mac.doFinal(question.password));
    return new Pair(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
  }

  private static void update(Mac mac, String text) {
    var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int shift = 24; shift >= 0; shift -= 8) {
      mac.update((byte) (bytes.length >>> shift));
    }
    mac.update(bytes);
  }

  /** The result if it is known already, else null. */
  @Nullable Boolean known(Pair pair) {
    return results.getIfPresent(pair);
  }

  /**
   * Verifies.
   *
   * @param decided called once, on any thread, unless cancelled
   */
  FilterOutcome.Handle verify(Pair pair, Question question, Consumer<Verdict> decided) {
    var mine = new Attempt(pair, question, decided);
    var used = attempts.compute(pair, (any, other) -> join(other, decided) ? other : mine);
    if (used == mine) {
      start(mine);
    }
    return () -> used.leave(decided);
  }

  private static boolean join(@Nullable Attempt attempt, Consumer<Verdict> decided) {
    return attempt != null && attempt.join(decided);
  }

  private void start(Attempt attempt) {
    if (pending.incrementAndGet() > MOST_PENDING) {
      attempt.finish(Verdict.BUSY);
      return;
    }
    try {
      background.execute(attempt);
    } catch (RejectedExecutionException e) {
      attempt.finish(Verdict.BUSY);
    }
  }

  /** One verification and who waits for it. */
  private final class Attempt implements Runnable {
    private final Pair pair;
    private final Question question;

    /** Guarded by this; null when it is finished. */
    private @Nullable List<Consumer<Verdict>> waiting = new ArrayList<>(1);

    Attempt(Pair pair, Question question, Consumer<Verdict> decided) {
      this.pair = pair;
      this.question = question;
      join(decided);
    }

    synchronized boolean join(Consumer<Verdict> decided) {
      return waiting != null && waiting.add(decided);
    }

    synchronized void leave(Consumer<Verdict> decided) {
      if (waiting != null) {
        waiting.remove(decided);
      }
    }

    /** Whether nobody waits; then nobody can join any more. */
    private synchronized boolean abandoned() {
      if (waiting != null && waiting.isEmpty()) {
        waiting = null;
      }
      return waiting == null;
    }

    @Override
    public void run() {
      if (abandoned()) {
        finish(Verdict.BUSY);
        return;
      }
      var verdict = Verdict.BUSY;
      try {
        boolean matches = hashing.matches(question.hash, question.password) && question.known;
        results.put(pair, matches);
        verdict = matches ? Verdict.MATCHES : Verdict.DIFFERS;
      } catch (RuntimeException e) {
        LOG.warn("A password can't be compared with its {} hash", question.hash, e);
      } finally {
        finish(verdict);
      }
    }

    void finish(Verdict verdict) {
      pending.decrementAndGet();
      attempts.remove(pair, this);
      List<Consumer<Verdict>> told;
      synchronized (this) {
        told = waiting == null ? List.of() : waiting;
        waiting = null;
      }
      told.forEach(decided -> decided.accept(verdict));
    }
  }
}
