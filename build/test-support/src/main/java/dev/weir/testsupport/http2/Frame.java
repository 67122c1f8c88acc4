package dev.weir.testsupport.http2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One frame (RFC 9113 4.1), right or wrong. A payload is not to be changed.
 *
 * @param type one of the numbers below, or any other
 * @param stream 0 for the connection; 31 bits
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Frame(int type, int flags, int stream, byte[] payload) {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PUSH_PROMISE = 5;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  public static final int END_STREAM = 0x1;
  public static final int ACK = 0x1;
  public static final int END_HEADERS = 0x4;
  public static final int PADDED = 0x8;
  public static final int WITH_PRIORITY = 0x20;

  public static final int MAX_CONCURRENT_STREAMS = 3;
  public static final int INITIAL_WINDOW_SIZE = 4;
  public static final int ENABLE_CONNECT_PROTOCOL = 8;

  /** Bytes before each payload. */
  public static final int HEAD = 9;

  private static final byte[] NOTHING = {};
  private static final List<String> NAMES =
      List.of(
          "DATA",
          "HEADERS",
          "PRIORITY",
          "RST_STREAM",
          "SETTINGS",
          "PUSH_PROMISE",
          "PING",
          "GOAWAY",
          "WINDOW_UPDATE",
          "CONTINUATION");

  /** What a connection begins with (RFC 9113 3.4); SETTINGS come next. */
  public static byte[] preface() {
    return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  }

  /** SETTINGS of pairs of a name and a value. */
  public static Frame settings(int... namesAndValues) {
    var payload = ByteBuffer.allocate(namesAndValues.length / 2 * 6);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      payload.putShort((short) namesAndValues[i]).putInt(namesAndValues[i + 1]);
    }
    return new Frame(SETTINGS, 0, 0, payload.array());
  }

  public static Frame settingsAck() {
    return new Frame(SETTINGS, ACK, 0, NOTHING);
  }

  /** A whole head. */
  public static Frame headers(int stream, FieldBlock block, boolean end) {
    return new Frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block.bytes());
  }

  public static Frame data(int stream, byte[] bytes, boolean end) {
    return new Frame(DATA, end ? END_STREAM : 0, stream, bytes);
  }

  /** The same with text, as ISO 8859-1. */
  public static Frame data(int stream, String text, boolean end) {
    return data(stream, text.getBytes(StandardCharsets.ISO_8859_1), end);
  }

  /** Eight bytes that come back. */
  public static Frame ping(long payload) {
    return new Frame(PING, 0, 0, ByteBuffer.allocate(8).putLong(payload).array());
  }

  /** The answer to a {@link #PING}. */
  public Frame pingAck() {
    return new Frame(PING, ACK, 0, payload);
  }

  public static Frame reset(int stream, ErrorCode code) {
    return new Frame(RST_STREAM, 0, stream, fourBytes(code.number()));
  }

  public static Frame goAway(int lastStream, ErrorCode code) {
    var payload = ByteBuffer.allocate(8).putInt(lastStream).putInt(code.number());
    return new Frame(GOAWAY, 0, 0, payload.array());
  }

  public static Frame windowUpdate(int stream, int increment) {
    return new Frame(WINDOW_UPDATE, 0, stream, fourBytes(increment));
  }

  /** PRIORITY that makes one stream depend on another. */
  public static Frame priority(int stream, int dependency, int weight) {
    var payload = ByteBuffer.allocate(5).putInt(dependency).put((byte) weight);
    return new Frame(PRIORITY, 0, stream, payload.array());
  }

  private static byte[] fourBytes(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  /** The same with other flags. */
  public Frame withFlags(int others) {
    return new Frame(type, others, stream, payload);
  }

  /** The frame on the wire. */
  public byte[] bytes() {
    return bytes(payload.length);
  }

  /** The same, with a length that may be a lie. */
  public byte[] bytes(int length) {
    var bytes = ByteBuffer.allocate(HEAD + payload.length);
    bytes.putInt(length << 8 | type).put((byte) flags).putInt(stream).put(payload);
    return bytes.array();
  }

  /** Whether it is of that type. */
  public boolean is(int wanted) {
    return type == wanted;
  }

  /** Whether that flag is set; the meaning of flags depends on the type. */
  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Whether a stream's sender ends it with this frame. */
  public boolean endsStream() {
    return (type == DATA || type == HEADERS) && has(END_STREAM);
  }

  /** Why: of {@link #RST_STREAM} and {@link #GOAWAY}. */
  public ErrorCode code() {
    int at = type == GOAWAY ? 4 : 0;
    return ErrorCode.of(Integer.toUnsignedLong(ByteBuffer.wrap(payload).getInt(at)));
  }

  /** The last stream that was looked at: of {@link #GOAWAY}. */
  public int lastStream() {
    return ByteBuffer.wrap(payload).getInt(0) & Integer.MAX_VALUE;
  }

  /** Bytes granted: of {@link #WINDOW_UPDATE}. */
  public int increment() {
    return ByteBuffer.wrap(payload).getInt(0) & Integer.MAX_VALUE;
  }

  /** Values by name: of {@link #SETTINGS}. */
  public Map<Integer, Integer> values() {
    var settings = new LinkedHashMap<Integer, Integer>();
    var in = ByteBuffer.wrap(payload);
    while (in.hasRemaining()) {
      settings.put((int) in.getShort(), in.getInt());
    }
    return settings;
  }

  /** What {@link #DATA} carries, without padding. */
  public byte[] content() {
    if (!has(PADDED)) {
      return payload;
    }
    return Arrays.copyOfRange(payload, 1, payload.length - (payload[0] & 0xff));
  }

  /** The name of the type; its number if it has none. */
  public String typeName() {
    return type < NAMES.size() ? NAMES.get(type) : "type " + type;
  }

  /** The number of a type's name in any case. */
  public static int typeOf(String name) {
    int type = NAMES.indexOf(name.toUpperCase(Locale.ROOT));
    if (type < 0) {
      throw new IllegalArgumentException("no type of frame: " + name);
    }
    return type;
  }

  @Override
  public String toString() {
    var text =
        "%s stream %d flags 0x%x, %d bytes".formatted(typeName(), stream, flags, payload.length);
    return type == RST_STREAM || type == GOAWAY ? text + ", " + code() : text;
  }
}
