package dev.weir.dataplane.codec;

import io.netty.handler.codec.http2.Http2Error;

/**
 * Why an HTTP/2 connection can't go on (RFC 9113 5.4.1). Without a stack trace: clients cause it.
 */
final class Http2Fault extends Exception {
  private static final long serialVersionUID = 1L;

  private final Http2Error code;

  /**
   * @param code what the client is told
   * @param detail for the log
   */
  Http2Fault(Http2Error code, String detail) {
    super(detail, null, false, false);
    this.code = code;
  }

  Http2Error code() {
    return code;
  }
}
