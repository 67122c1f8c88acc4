package dev.weir.controller.source;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;

/**
 * A request that did not lead to what was asked for.
 *
 * <p>{@code code} is the answer's status, or one of the constants here.
 */
public final class ApiFailure extends IOException {
  private static final long serialVersionUID = 1L;

  /** Nobody answered, or the answer broke off. */
  public static final int NO_ANSWER = 0;

  /** The server doesn't have what was asked for in any version. */
  public static final int NOT_OFFERED = -1;

  /** Something answered that doesn't speak as an API server does. */
  public static final int MALFORMED = -2;

  private final int code;
  private final Duration retryAfter;

  ApiFailure(int code, String message, Duration retryAfter) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  static ApiFailure noAnswer(String reason) {
    return new ApiFailure(NO_ANSWER, reason, Duration.ZERO);
  }

  static ApiFailure malformed(String reason) {
    return new ApiFailure(MALFORMED, reason, Duration.ZERO);
  }

  /** The answer's status, or a constant of this class. */
  public int code() {
    return code;
  }

  /** {@code Retry-After}; zero if the server named no time. */
  public Duration retryAfter() {
    return retryAfter;
  }

  /** What went wrong, in one line. */
  public String text() {
    return String.valueOf(getMessage());
  }

  /** The most telling message of an exception and its causes, in one line. */
  static String reason(Throwable failure) {
    var innermost = failure;
    var text = "";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      innermost = cause;
      if (cause instanceof UnresolvedAddressException) {
        return "the host name can't be resolved";
      }
      if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
        text = cause.getMessage();
      }
    }
    if (innermost instanceof ClosedChannelException && text.endsWith("ConnectException")) {
      return "no connection (refused or unreachable)"; // All that the JDK's client tells.
    }
    var name = innermost.getClass().getSimpleName();
    var line = text.lines().findFirst().orElse("");
    return line.isEmpty() ? name : line.equals(text) ? name + ": " + line : line;
  }
}
