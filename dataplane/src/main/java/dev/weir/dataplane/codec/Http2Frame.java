package dev.weir.dataplane.codec;

/** The numbers of HTTP/2 frames (RFC 9113 sections 4 to 6). */
final class Http2Frame {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  /** Flags. */
  static final int END_STREAM = 0x1;

  static final int ACK = 0x1;
  static final int END_HEADERS = 0x4;
  static final int PADDED = 0x8;
  static final int WITH_PRIORITY = 0x20;

  /** Bytes before each frame's payload. */
  static final int HEAD = 9;

  /** The longest payload that a peer must take, and the longest that we take. */
  static final int MOST_PAYLOAD = 16 * 1024;

  static final int USUAL_WINDOW = 65_535;
  static final int MOST_WINDOW = Integer.MAX_VALUE;

  private Http2Frame() {}
}
