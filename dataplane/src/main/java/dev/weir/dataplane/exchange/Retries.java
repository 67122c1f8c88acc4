package dev.weir.dataplane.exchange;

import dev.weir.dataplane.upstream.UpstreamFailure;

/**
 * Whether a request may be tried again: the rule of hardening.md 5.1, inside of it the route's
 * policy, inside of both the upstream's budget. One for each request.
 */
final class Retries {
  /** So that an upstream whose endpoints change all the time ends a request somehow. */
  private static final int MOST_CHOICES = 50;

  private final String method;
  private final RetryBudget budget;
  private int connectsLeft;
  private int choicesLeft = MOST_CHOICES;
  private int replaysLeft;

  Retries(String method, RoutePlan plan) {
    this.method = method;
    this.budget = plan.budget();
    this.connectsLeft = plan.route().retries().connectRetries();
    this.replaysLeft = plan.route().retries().replayRetries();
  }

  /** RFC 9110 9.2.2. Unknown methods are not. */
  static boolean isIdempotent(String method) {
    return switch (method) {
      case "GET", "HEAD", "OPTIONS", "PUT", "DELETE" -> true;
      default -> false;
    };
  }

  /** After an endpoint that was chosen left: that is no failed try, so it costs no budget. */
  boolean afterGoneEndpoint(UpstreamFailure failure) {
    return failure.kind() == UpstreamFailure.Kind.ENDPOINT_GONE && choicesLeft-- > 0;
  }

  /** After a connect that failed: nothing was sent, so every method may go elsewhere. */
  boolean afterConnect(UpstreamFailure failure) {
    boolean nothingSent =
        switch (failure.kind()) {
          case CONNECT_FAILED, CONNECT_TIMEOUT -> true;
          case NO_ENDPOINT,
              ENDPOINT_GONE,
              CLOSED_BEFORE_REPLY,
              CLOSED_IN_REPLY,
              MALFORMED_REPLY,
              READ_TIMEOUT,
              SEND_TIMEOUT ->
              false;
        };
    return nothingSent && connectsLeft-- > 0 && budget.tryRetry();
  }

  /**
   * After a reused connection died before the first byte of a reply: most likely it was closed
   * while the request was on its way, but a method that must not happen twice is not risked.
   */
  boolean afterDeadConnection(UpstreamFailure failure) {
    return failure.kind() == UpstreamFailure.Kind.CLOSED_BEFORE_REPLY
        && isIdempotent(method)
        && replaysLeft-- > 0
        && budget.tryRetry();
  }
}
