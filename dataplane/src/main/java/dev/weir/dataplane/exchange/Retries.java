package dev.weir.dataplane.exchange;

import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.RetryPolicy.Condition;
import dev.weir.dataplane.upstream.UpstreamFailure;
import dev.weir.dataplane.upstream.UpstreamFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request may be tried again: the rule of hardening.md 5.1, inside of it the route's
 * policy, inside of both the upstream's budget. One for each request.
 *
 * <p>Who asks has made sure of the rest of that rule: no byte of a reply went to the client, what
 * was sent can be sent again, and another endpoint is there (or the connection was a reused one).
 */
final class Retries {
  /** So that an upstream whose endpoints change all the time ends a request somehow. */
  private static final int MOST_CHOICES = 50;

  private static final int MOST_CONNECTS = 2;
  private static final int MOST_REPLAYS = 1;

  private final RetryPolicy policy;
  private final RetryBudget budget;
  private final boolean repeatable;
  private final long startedAt;
  private int tries = 1;
  private int connects;
  private int choices;
  private int replays;

  /**
   * Before the first failure.
   *
   * @param repeatable from {@link #repeatable}
   * @param startedAt when the first try began
   */
  Retries(RoutePlan plan, boolean repeatable, long startedAt) {
    this.startedAt = startedAt;
    this.policy = plan.route().retries();
    this.budget = plan.budget();
    this.repeatable = repeatable;
  }

  /** RFC 9110 9.2.2. Unknown methods are not. */
  static boolean isIdempotent(String method) {
    return switch (method) {
      case "GET", "HEAD", "OPTIONS", "PUT", "DELETE" -> true;
      default -> false;
    };
  }

  /** Whether a request may reach a backend twice, by its method or because the route says so. */
  static boolean repeatable(String method, RetryPolicy policy) {
    return isIdempotent(method) || policy.on(Condition.NON_IDEMPOTENT);
  }

  /** After an endpoint that was chosen left: that is no failed try, so it costs no budget. */
  boolean afterGoneEndpoint(UpstreamFailure failure) {
    return failure.kind() == Kind.ENDPOINT_GONE && choices++ < MOST_CHOICES;
  }

  /** After a connect that failed: nothing was sent, so every method may go elsewhere. */
  boolean afterConnect(UpstreamFailure failure) {
    boolean nothingSent =
        failure.kind() == Kind.CONNECT_FAILED || failure.kind() == Kind.CONNECT_TIMEOUT;
    if (!nothingSent || connects >= MOST_CONNECTS || !allowed(condition(failure))) {
      return false;
    }
    connects++;
    tries++;
    return true;
  }

  /**
   * After a reused connection died before the first byte of a reply: most likely it was closed
   * while the request was on its way, so it is no try of the policy's (as nginx counts).
   */
  boolean afterDeadConnection(UpstreamFailure failure) {
    if (failure.kind() != Kind.CLOSED_BEFORE_REPLY || !mayReplay() || !policy.on(Condition.ERROR)) {
      return false;
    }
    return inTime() && budget.tryRetry() && replayed();
  }

  /** After a request that was sent and not answered, while another endpoint is there. */
  boolean afterFailure(UpstreamFailure failure) {
    if (!mayReplay() || !allowed(condition(failure))) {
      return false;
    }
    tries++;
    return replayed();
  }

  /** Instead of a reply that the policy counts as failed, while another endpoint is there. */
  boolean afterStatus(int status) {
    if (!policy.onStatus(status) || !mayReplay() || !hasTries() || !budget.tryRetry()) {
      return false;
    }
    tries++;
    return replayed();
  }

  private boolean mayReplay() {
    return repeatable && replays < MOST_REPLAYS;
  }

  private boolean replayed() {
    replays++;
    return true;
  }

  private boolean allowed(@Nullable Condition condition) {
    return condition != null && policy.on(condition) && hasTries() && budget.tryRetry();
  }

  private boolean hasTries() {
    return (policy.tries() == 0 || tries < policy.tries()) && inTime();
  }

  private boolean inTime() {
    return policy.timeout().isZero() || System.nanoTime() - startedAt < policy.timeout().toNanos();
  }

  private static @Nullable Condition condition(UpstreamFailure failure) {
    return switch (failure.kind()) {
      case CONNECT_FAILED, CLOSED_BEFORE_REPLY, CLOSED_IN_REPLY -> Condition.ERROR;
      case CONNECT_TIMEOUT, READ_TIMEOUT, SEND_TIMEOUT -> Condition.TIMEOUT;
      case MALFORMED_REPLY -> Condition.INVALID_HEADER;
      case NO_ENDPOINT, OVERLOADED, ENDPOINT_GONE -> null;
    };
  }
}
