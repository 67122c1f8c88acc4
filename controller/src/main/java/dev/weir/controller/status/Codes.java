package dev.weir.controller.status;

/** Status codes of the API server that mean something here. */
final class Codes {
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;

  /** The object has another version, or exists already. */
  static final int CONFLICT = 409;

  static final int TOO_MANY = 429;

  private Codes() {}
}
