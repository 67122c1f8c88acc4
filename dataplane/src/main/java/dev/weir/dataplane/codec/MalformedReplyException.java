package dev.weir.dataplane.codec;

/**
 * A reply that breaks HTTP/1.1; its connection must be closed. Without a stack trace: the peer
 * decides how often it is thrown.
 */
public final class MalformedReplyException extends Exception {
  private static final long serialVersionUID = 1;

  MalformedReplyException(String detail) {
    super(detail, null, false, false);
  }

  /** What is wrong, for the log. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
