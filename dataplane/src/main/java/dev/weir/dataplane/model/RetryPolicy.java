package dev.weir.dataplane.model;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When another endpoint may be tried (ingress-nginx.md 1.3, 69 to 71), inside the bounds of
 * hardening.md 5.1: whatever this says, nothing is repeated once a byte of a reply went to the
 * client, no more than two failed connects and one failed request are repeated, and no more than
 * the Service's budget allows. Only {@link Condition#NON_IDEMPOTENT} widens those bounds.
 *
 * @param conditions what counts as failed; empty for no second try whatever happens
 * @param tries all tries together; 0 for no limit but those bounds
 * @param timeout no further try begins after this long; zero for no limit
 */
public record RetryPolicy(Set<Condition> conditions, int tries, Duration timeout) {
  /** One word of {@code proxy-next-upstream}. */
  public enum Condition {
    /** The connect failed, or the connection ended before a reply. */
    ERROR,
    /** Connecting, sending or waiting for a reply took too long. */
    TIMEOUT,
    /** What came was no HTTP reply. */
    INVALID_HEADER,
    HTTP_500,
    HTTP_502,
    HTTP_503,
    HTTP_504,
    HTTP_403,
    HTTP_404,
    HTTP_429,
    /** Methods that must not happen twice are repeated too. */
    NON_IDEMPOTENT;

    /** As it is spelled in manifests. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** After errors and timeouts, three tries, without limit of time. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(EnumSet.of(Condition.ERROR, Condition.TIMEOUT), 3, Duration.ZERO);

  public RetryPolicy {
    // In the order of the constants, so that equal policies print alike.
    var sorted = EnumSet.noneOf(Condition.class);
    sorted.addAll(conditions);
    conditions = Collections.unmodifiableSet(sorted);
  }

  /** Whether that condition is among them. */
  public boolean on(Condition condition) {
    return conditions.contains(condition);
  }

  /** Whether a reply of that status counts as failed. */
  public boolean onStatus(int status) {
    return switch (status) {
      case 403 -> on(Condition.HTTP_403);
      case 404 -> on(Condition.HTTP_404);
      case 429 -> on(Condition.HTTP_429);
      case 500 -> on(Condition.HTTP_500);
      case 502 -> on(Condition.HTTP_502);
      case 503 -> on(Condition.HTTP_503);
      case 504 -> on(Condition.HTTP_504);
      default -> false;
    };
  }

  /** {@code retries error timeout tries=3}, for people. */
  String text() {
    if (conditions.isEmpty()) {
      return "retries off";
    }
    var words =
        conditions.stream().map(Condition::text).collect(Collectors.joining(" ", "retries ", ""));
    var limit = timeout.isZero() ? "" : " timeout=" + timeout.toSeconds() + "s";
    return words + " tries=" + tries + limit;
  }
}
