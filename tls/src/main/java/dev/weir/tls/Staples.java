package dev.weir.tls;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * OCSP replies that are sent along with certificates (RFC 6066 section 8). Each is fetched in the
 * background when its certificate is first wanted, shown until its {@code nextUpdate} and renewed
 * when half of that time is over, as long as its certificate serves. It ends at once when the
 * responder says that the certificate isn't good any more. A handshake never waits for a responder
 * and never fails for want of a reply.
 *
 * <p>Safe for use by many threads.
 */
public final class Staples implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Staples.class);
  private static final int THREADS = 4;
  private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
  private static final Duration LONGEST_RETRY = Duration.ofHours(1);
  private static final Duration SHORTEST_RENEWAL = Duration.ofMinutes(1);
  private static final Duration LONGEST_RENEWAL = Duration.ofDays(1);

  /** As much as is logged of why there is no reply, in characters. */
  private static final int LONGEST_MESSAGE = 300;

  private final Responder responder;
  private final Supplier<CertificateTable> table;
  private final InstantSource clock;
  private final ConcurrentHashMap<String, Staple> staples = new ConcurrentHashMap<>();
  private final ScheduledExecutorService threads;
  private final ResponderTurns turns = new ResponderTurns(asking -> later(asking, Duration.ZERO));
  private volatile boolean wanted;

  /** Puts questions to responders: the certificate's owner names them, so beware of whom to ask. */
  public interface Responder {
    /**
     * Asks, and waits for the reply; in bounded time, and with a bounded reply.
     *
     * @throws IOException if the responder may not be asked or doesn't answer
     */
    byte[] ask(URI responder, byte[] question) throws IOException;
  }

  /** Of one certificate. Failures and asking belong to the thread that asks. */
  private static final class Staple {
    final ServerCertificate certificate;
    final @Nullable String serverName;
    volatile OcspQuestion.@Nullable Reply reply;
    int failures;
    boolean refused;

    Staple(ServerCertificate certificate, @Nullable String serverName) {
      this.certificate = certificate;
      this.serverName = serverName;
    }
  }

  /**
   * Without replies.
   *
   * @param table the certificates that serve now
   */
  public Staples(Responder responder, Supplier<CertificateTable> table, InstantSource clock) {
    this(responder, table, clock, threads());
  }

  /** As the other, asking on these threads, which are closed with this. */
  Staples(
      Responder responder,
      Supplier<CertificateTable> table,
      InstantSource clock,
      ScheduledExecutorService threads) {
    this.responder = responder;
    this.table = table;
    this.clock = clock;
    this.threads = threads;
  }

  private static ScheduledExecutorService threads() {
    var threads =
        new ScheduledThreadPoolExecutor(
            THREADS, Thread.ofPlatform().daemon().name("weir-ocsp-", 0).factory());
    threads.setKeepAliveTime(10, TimeUnit.SECONDS);
    threads.allowCoreThreadTimeOut(true);
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return threads;
  }

  /** Whether replies are wanted at all; without, what is there is dropped. */
  public void wanted(boolean now) {
    wanted = now;
    if (!now) {
      staples.clear();
    }
  }

  /**
   * The reply to be sent along with a certificate; fetched in the background if it isn't known yet.
   *
   * @param serverName under which the certificate serves; null for the default certificate
   * @return null if there is none now
   */
  public byte @Nullable [] of(ServerCertificate certificate, @Nullable String serverName) {
    if (!wanted) {
      return null;
    }
    var staple = staples.get(certificate.fingerprint());
    if (staple == null) {
      var fresh = new Staple(certificate, serverName);
      if (staples.putIfAbsent(certificate.fingerprint(), fresh) == null) {
        again(fresh, Duration.ZERO);
      }
      return null;
    }
    var reply = staple.reply;
    return reply != null && clock.instant().isBefore(reply.until()) ? reply.bytes() : null;
  }

  private void again(Staple staple, Duration delay) {
    later(() -> renew(staple), delay);
  }

  private void later(Runnable task, Duration delay) {
    try {
      var _ = threads.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // Closed.
      return;
    }
  }

  private void renew(Staple staple) {
    if (!serves(staple)) {
      return;
    }
    try {
      var question = OcspQuestion.about(staple.certificate);
      var host = question.responder().getHost().toLowerCase(Locale.ROOT);
      turns.ask(host, () -> ask(staple, question));
    } catch (OcspQuestion.NoReplyException e) {
      failed(staple, e);
    }
  }

  /** Whether a reply is still wanted; drops it if not. */
  private boolean serves(Staple staple) {
    var certificate = staple.certificate;
    if (staples.get(certificate.fingerprint()) != staple) {
      // Dropped; if replies were wanted again since, another one has taken its place.
      return false;
    }
    if (wanted && certificate.equals(table.get().find(staple.serverName))) {
      return true;
    }
    staples.remove(certificate.fingerprint(), staple);
    return false;
  }

  private void ask(Staple staple, OcspQuestion question) {
    if (!serves(staple)) {
      // It had to wait for others.
      return;
    }
    try {
      var now = clock.instant();
      var reply = question.judge(responder.ask(question.responder(), question.bytes()), now);
      staple.reply = reply;
      staple.failures = 0;
      staple.refused = false;
      again(staple, renewal(now, reply.until()));
    } catch (OcspQuestion.NotGoodException e) {
      refused(staple, e);
    } catch (OcspQuestion.NoReplyException | IOException | RuntimeException e) {
      failed(staple, e);
    }
  }

  private static Duration renewal(Instant now, Instant until) {
    var half = Duration.between(now, until).dividedBy(2);
    if (half.compareTo(LONGEST_RENEWAL) > 0) {
      return LONGEST_RENEWAL;
    }
    return half.compareTo(SHORTEST_RENEWAL) < 0 ? SHORTEST_RENEWAL : half;
  }

  /** What was there has come to its end, however long it was to hold. */
  private void refused(Staple staple, OcspQuestion.NotGoodException why) {
    staple.reply = null;
    if (!staple.refused) {
      staple.refused = true;
      // No warning: those are kept for trouble of the proxy itself.
      LOG.info(
          "The OCSP responder disowns the certificate of {}: {}. It is shown without a reply;"
              + " clients that ask the responder themselves refuse it. Put another certificate"
              + " into its Secret.",
          staple.certificate.names(),
          why.getMessage());
    }
    staple.failures++;
    retry(staple);
  }

  /** What was there is shown as long as it holds. */
  private void failed(Staple staple, Exception why) {
    if (staple.failures++ == 0) {
      LOG.info(
          "No OCSP reply for the certificate of {}: {}; it is shown without a new one",
          staple.certificate.names(),
          printable(String.valueOf(why.getMessage())));
    }
    retry(staple);
  }

  /** Parsers quote what they can't read, and that is what strangers sent. */
  private static String printable(String message) {
    var text = new StringBuilder();
    for (int i = 0; i < Math.min(message.length(), LONGEST_MESSAGE); i++) {
      char c = message.charAt(i);
      text.append(c >= ' ' && c <= '~' ? c : '?');
    }
    return text.toString();
  }

  private void retry(Staple staple) {
    var delay = FIRST_RETRY.multipliedBy(1L << Math.min(staple.failures - 1, 6));
    again(staple, delay.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : delay);
  }

  /** Asks nobody any more. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
