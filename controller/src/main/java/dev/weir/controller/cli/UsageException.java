package dev.weir.controller.cli;

/** The command line can't be understood; the message is one sentence. Ends with exit code 2. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
