package dev.weir.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one policy's session tickets. They turn four times in the life of a session, and the
 * last four are known, so a ticket is good for three quarters of that life at least and never for
 * longer, whichever version of TLS; BoringSSL alone would take tickets of TLS 1.3 for two days.
 *
 * <p>Keys of the process' own follow from a random secret that is replaced, by a way that leads
 * forwards only, whenever they turn: who reads its memory can't decrypt what went before, and no
 * event loop waits for random numbers. From a given secret each key follows by time and policy, so
 * replicas that share the secret and about the same clock take each other's tickets; a ticket never
 * resumes under another policy.
 *
 * <p>Safe for use by many threads.
 */
final class TicketKeys {
  private static final int TURNS = 4;
  private static final int SIZE = OpenSslSessionTicketKey.TICKET_KEY_SIZE;
  private static final int CHAIN_SIZE = 64;

  private final byte @Nullable [] given;
  private final String scope;
  private final long turnMillis;
  private final InstantSource clock;

  /** What the next key of our own follows from. Guarded by this. */
  private byte[] chain = new byte[CHAIN_SIZE];

  /** Keys of our own by turn. Guarded by this. */
  private final TreeMap<Long, byte[]> own = new TreeMap<>();

  private volatile long turn = Long.MIN_VALUE;

  /**
   * Without any key yet. Not for event loops: takes random numbers.
   *
   * @throws IllegalArgumentException if the given key isn't Base64
   */
  TicketKeys(TlsPolicy policy, InstantSource clock) {
    var sessions = policy.sessions();
    this.given =
        sessions.ticketKey().isEmpty() ? null : Base64.getDecoder().decode(sessions.ticketKey());
    this.scope = policy.scope();
    this.turnMillis = Math.max(1, sessions.timeout().toMillis() / TURNS);
    this.clock = clock;
    new SecureRandom().nextBytes(chain);
  }

  /** Whether the time for other keys has come. */
  boolean due() {
    return clock.millis() / turnMillis != turn;
  }

  /** The keys from now on; the first encrypts. */
  synchronized OpenSslSessionTicketKey[] keys() {
    long now = clock.millis() / turnMillis;
    turn = now;
    var keys = new ArrayList<byte[]>();
    if (given == null) {
      own.headMap(now - TURNS + 1).values().forEach(old -> Arrays.fill(old, (byte) 0));
      own.headMap(now - TURNS + 1).clear();
      own.tailMap(now, false).clear(); // the clock was set back
      own.computeIfAbsent(now, at -> newKey());
      keys.addAll(own.descendingMap().values());
    } else {
      for (long at = now; at > now - TURNS; at--) {
        keys.add(derived(given, at));
      }
      // Another replica's clock may be ahead.
      keys.add(derived(given, now + 1));
    }
    return forNetty(keys);
  }

  private byte[] newKey() {
    var key = Arrays.copyOf(mac(chain, "key".getBytes(StandardCharsets.US_ASCII)), SIZE);
    var next = mac(chain, "next".getBytes(StandardCharsets.US_ASCII));
    Arrays.fill(chain, (byte) 0);
    chain = next;
    return key;
  }

  private byte[] derived(byte[] secret, long at) {
    return Arrays.copyOf(
        mac(
            secret,
            "weir session ticket|".getBytes(StandardCharsets.US_ASCII),
            scope.getBytes(StandardCharsets.UTF_8),
            ByteBuffer.allocate(2 * Long.BYTES).putLong(turnMillis).putLong(at).array()),
        SIZE);
  }

  private static byte[] mac(byte[] secret, byte[]... parts) {
    try {
      var mac = Mac.getInstance("HmacSHA512");
      mac.init(new SecretKeySpec(secret, "HmacSHA512"));
      for (var part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HMAC", e);
    }
  }

  private static OpenSslSessionTicketKey[] forNetty(List<byte[]> keys) {
    return keys.stream().map(TicketKeys::split).toArray(OpenSslSessionTicketKey[]::new);
  }

  private static OpenSslSessionTicketKey split(byte[] key) {
    int name = OpenSslSessionTicketKey.NAME_SIZE;
    int mac = name + OpenSslSessionTicketKey.HMAC_KEY_SIZE;
    return new OpenSslSessionTicketKey(
        Arrays.copyOfRange(key, 0, name),
        Arrays.copyOfRange(key, name, mac),
        Arrays.copyOfRange(key, mac, SIZE));
  }
}
