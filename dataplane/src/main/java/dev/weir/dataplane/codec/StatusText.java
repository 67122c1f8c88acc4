package dev.weir.dataplane.codec;

import io.netty.handler.codec.http.HttpResponseStatus;

/** Reason phrases, with the words that nginx uses where they differ from the registry's. */
public final class StatusText {
  private StatusText() {}

  /** The phrase; never empty. */
  public static String of(int status) {
    return switch (status) {
      case 302 -> "Moved Temporarily";
      case 408 -> "Request Time-out";
      case 413 -> "Request Entity Too Large";
      case 414 -> "Request-URI Too Large";
      case 431 -> "Request Header Fields Too Large";
      case 503 -> "Service Temporarily Unavailable";
      case 504 -> "Gateway Time-out";
      default -> HttpResponseStatus.valueOf(status).reasonPhrase();
    };
  }
}
