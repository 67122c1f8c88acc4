package dev.weir.dataplane.http;

/** Single characters of UTF-8 (RFC 3629), strictly: no surrogates, nothing above U+10FFFF. */
final class Utf8 {
  private Utf8() {}

  /**
   * How many bytes the character takes that these begin with, 2 to 4; 0 if they don't begin with
   * one.
   *
   * @param length how many bytes there are: a lead byte and continuation bytes
   */
  static int length(byte[] bytes, int length) {
    int lead = bytes[0] & 0xff;
    int needed =
        lead >= 0xc2 && lead < 0xe0
            ? 2
            : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
    if (needed == 0 || length < needed) {
      return 0;
    }
    int codePoint = codePoint(bytes, needed);
    boolean surrogate = codePoint >= 0xd800 && codePoint < 0xe000;
    boolean shortest = codePoint >= (needed == 2 ? 0x80 : needed == 3 ? 0x800 : 0x10000);
    return surrogate || !shortest || codePoint > Character.MAX_CODE_POINT ? 0 : needed;
  }

  /** The character in the first {@code length} bytes, 2 to 4. */
  static int codePoint(byte[] bytes, int length) {
    int codePoint = bytes[0] & (0x7f >> length);
    for (int i = 1; i < length; i++) {
      codePoint = (codePoint << 6) | (bytes[i] & 0x3f);
    }
    return codePoint;
  }
}
