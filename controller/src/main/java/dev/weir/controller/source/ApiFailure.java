package dev.weir.controller.source;

import java.io.IOException;
import java.time.Duration;

/**
 * A request that did not lead to what was asked for.
 *
 * <p>{@code code} is the answer's status, or {@link #NO_ANSWER} if there was none.
 */
final class ApiFailure extends IOException {
  private static final long serialVersionUID = 1L;

  static final int NO_ANSWER = 0;

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

  int code() {
    return code;
  }

  /** {@code Retry-After}; zero if the server named no time. */
  Duration retryAfter() {
    return retryAfter;
  }

  String text() {
    return String.valueOf(getMessage());
  }

  /** The most telling message of an exception and its causes, in one line. */
  static String reason(Throwable failure) {
    var innermost = failure;
    var text = "";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      innermost = cause;
      if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
        text = cause.getMessage();
      }
    }
    var name = innermost.getClass().getSimpleName();
    var line = text.lines().findFirst().orElse("");
    return line.isEmpty() ? name : line.equals(text) ? name + ": " + line : line;
  }
}
