package dev.weir.controller.source;

/** A source can't be started; the message is one sentence for the person at the keyboard. */
public final class SourceException extends Exception {
  private static final long serialVersionUID = 1L;

  public SourceException(String message) {
    super(message);
  }
}
