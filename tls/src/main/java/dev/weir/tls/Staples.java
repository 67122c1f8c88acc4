package dev.weir.tls;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * OCSP replies that are sent along with certificates (RFC 6066 section 8). Each is fetched in the
 * background when its certificate is first wanted, shown until its {@code nextUpdate} and renewed
 * when half of that time is over, as long as its certificate serves. A handshake never waits for a
 * responder and never fails for want of a reply.
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

  private final Responder responder;
  private final Supplier<CertificateTable> table;
  private final InstantSource clock;
  private final ConcurrentHashMap<String, Staple> staples = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor threads;
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
    this.responder = responder;
    this.table = table;
    this.clock = clock;
    this.threads =
        new ScheduledThreadPoolExecutor(
            THREADS, Thread.ofPlatform().daemon().name("weir-ocsp-", 0).factory());
    threads.setKeepAliveTime(10, TimeUnit.SECONDS);
    threads.allowCoreThreadTimeOut(true);
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
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
    try {
      var _ = threads.schedule(() -> renew(staple), delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // Closed.
      return;
    }
  }

  private void renew(Staple staple) {
    var certificate = staple.certificate;
    if (!wanted || !certificate.equals(table.get().find(staple.serverName))) {
      staples.remove(certificate.fingerprint(), staple);
      return;
    }
    try {
      var question = OcspQuestion.about(certificate);
      var now = clock.instant();
      var reply = question.judge(responder.ask(question.responder(), question.bytes()), now);
      staple.reply = reply;
      staple.failures = 0;
      again(staple, renewal(now, reply.until()));
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

  /** What was there is shown as long as it holds. */
  private void failed(Staple staple, Exception why) {
    if (staple.failures++ == 0) {
      LOG.info(
          "No OCSP reply for the certificate of {}: {}; it is shown without one",
          staple.certificate.names(),
          why.getMessage());
    }
    var delay = FIRST_RETRY.multipliedBy(1L << Math.min(staple.failures - 1, 6));
    again(staple, delay.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : delay);
  }

  /** Asks nobody any more. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
