package dev.weir.dataplane.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;

/**
 * Writes frames other than HEADERS and DATA, which belong to streams. Owned by the connection's
 * event loop.
 */
final class Http2Output {
  private static final int MAX_CONCURRENT_STREAMS = 3;
  private static final int MAX_HEADER_LIST_SIZE = 6;
  private static final int ENABLE_CONNECT_PROTOCOL = 8;

  private final ServerOutput output;
  private final Http2FrameEvents events;

  /** Frames written since the mark before, and since the mark. */
  private int older;

  private int newer;

  /** How far was written when the mark was made. */
  private long mark;

  /** How far was written with the last SETTINGS. */
  private long settingsEnd;

  /**
   * Writes there.
   *
   * @param events are told what the client has to answer
   */
  Http2Output(ServerOutput output, Http2FrameEvents events) {
    this.output = output;
    this.events = events;
  }

  /** Writes a frame's first bytes. */
  static void head(ByteBuf to, int length, int type, int flags, int streamId) {
    to.writeInt(length << 8 | type).writeByte(flags).writeInt(streamId);
  }

  /** The connection's beginning: everything else is as RFC 9113 6.5.2 has it by default. */
  void firstSettings(int streams) {
    events.settingsSent();
    var to = frame(3 * Http2Settings.SIZE, Http2Frame.SETTINGS, 0, 0);
    setting(to, MAX_CONCURRENT_STREAMS, streams);
    setting(to, MAX_HEADER_LIST_SIZE, Http1HeadReader.MAX_HEAD);
    setting(to, ENABLE_CONNECT_PROTOCOL, 1);
    settingsEnd = output.written();
  }

  /** Another number of streams. */
  void settings(int streams) {
    events.settingsSent();
    setting(frame(Http2Settings.SIZE, Http2Frame.SETTINGS, 0, 0), MAX_CONCURRENT_STREAMS, streams);
    settingsEnd = output.written();
  }

  /** Whether the client has the last SETTINGS, and what it says is read. */
  boolean settingsTaken() {
    return output.writable() && output.taken() >= settingsEnd;
  }

  private static void setting(ByteBuf to, int name, int value) {
    to.writeShort(name).writeInt(value);
  }

  void settingsAck() {
    frame(0, Http2Frame.SETTINGS, Http2Frame.ACK, 0);
  }

  void ping(boolean ack, long payload) {
    if (!ack) {
      events.pingSent();
    }
    frame(Long.BYTES, Http2Frame.PING, ack ? Http2Frame.ACK : 0, 0).writeLong(payload);
  }

  /**
   * Says that no more is served.
   *
   * @param lastId the last stream that may have been
   */
  void goAway(int lastId, Http2Error code) {
    frame(2 * Integer.BYTES, Http2Frame.GOAWAY, 0, 0).writeInt(lastId).writeInt((int) code.code());
  }

  void reset(int streamId, Http2Error code) {
    frame(Integer.BYTES, Http2Frame.RST_STREAM, 0, streamId).writeInt((int) code.code());
  }

  /**
   * Grants more.
   *
   * @param streamId 0 for the connection
   */
  void windowUpdate(int streamId, int bytes) {
    frame(Integer.BYTES, Http2Frame.WINDOW_UPDATE, 0, streamId).writeInt(bytes);
  }

  /** About how many frames were written that the client didn't take; more rather than fewer. */
  int unread() {
    if (older + newer > 0 && output.taken() >= mark) {
      older = newer;
      newer = 0;
      mark = output.written();
    }
    return older + newer;
  }

  private ByteBuf frame(int length, int type, int flags, int streamId) {
    newer++;
    var to = output.room(Http2Frame.HEAD + length);
    head(to, length, type, flags, streamId);
    return to;
  }
}
