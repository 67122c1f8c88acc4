package dev.weir.dataplane.codec;

import dev.weir.dataplane.telemetry.Offence;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/**
 * Takes a client's bytes apart into frames (RFC 9113 sections 3.4, 4, 6) and does what they ask
 * for. A frame is looked at as soon as its first nine bytes are there, so that nothing waits here
 * for one that is refused; the payload of DATA is handed on as it comes, by {@link
 * Http2DataFrames}, that of others when it is whole.
 *
 * <p>Owned by the connection's event loop.
 */
final class Http2Inbound {
  private static final byte[] PREFACE = Http2Preface.bytes();

  /**
   * Bytes of a packed head: twice what the largest takes that is accepted, so that one that is too
   * large is answered on its stream and ends no connection.
   */
  private static final int MOST_BLOCK = 64 * 1024;

  private static final int PRIORITY_SIZE = 5;

  private final Http2ServerConnection connection;
  private final Http2HeadBlock blocks;
  private final Http2TrailerCheck trailers = new Http2TrailerCheck();
  private int prefaceRead;
  private boolean settled;

  /** The frame whose head was read. */
  private boolean begun;

  private long finished;

  private final Http2FrameHead frame = new Http2FrameHead();
  private final Http2DataFrames data;

  /** Of a block in several frames: its stream, 0 for none. */
  private int blockId;

  private boolean blockEndsStream;
  private boolean blockDependsOnItself;
  private int blockBytes;
  private @Nullable ByteBuf block;

  Http2Inbound(Http2ServerConnection connection, Http2HeadBlock blocks) {
    this.connection = connection;
    this.blocks = blocks;
    this.data = new Http2DataFrames(connection, frame);
  }

  /** Takes everything that can be taken. */
  void read(ByteBuf in) throws Http2Fault {
    while (prefaceRead < PREFACE.length) {
      if (!in.isReadable()) {
        return;
      }
      if (in.readByte() != PREFACE[prefaceRead++]) {
        throw new Http2Fault(Http2Error.PROTOCOL_ERROR, "no preface");
      }
    }
    connection.parts().sender().pause();
    try {
      readFrames(in);
    } finally {
      connection.parts().sender().resume();
    }
  }

  private void readFrames(ByteBuf in) throws Http2Fault {
    boolean progress = true;
    while (progress && !connection.ending()) {
      progress = readFrame(in);
    }
    data.deliver();
  }

  /** What came of a stream is little, and more of it may follow. */
  void gather(Http2ServerStream stream) {
    data.gather(stream);
  }

  /** Whether the client is in the middle of something that it has to bring to an end soon. */
  boolean isIncomplete(boolean nothingLeft) {
    return !settled || blockId != 0 || !nothingLeft || (begun && frame.type() != Http2Frame.DATA);
  }

  /**
   * How many frames, or heads of several, came to their end: what is incomplete began after them.
   */
  long finished() {
    return finished;
  }

  /** Whether it is known that the client speaks HTTP/2. */
  boolean hasBegun() {
    return prefaceRead == PREFACE.length;
  }

  /** Lets go of what it holds. */
  void release() {
    var held = block;
    block = null;
    if (held != null) {
      connection.held().release(held.readableBytes());
      held.release();
    }
  }

  private boolean readFrame(ByteBuf in) throws Http2Fault {
    if (!begun) {
      if (in.readableBytes() < Http2Frame.HEAD) {
        return false;
      }
      begin(in);
    }
    if (frame.type() == Http2Frame.DATA) {
      return readData(in);
    }
    if (in.readableBytes() < frame.length() || isLeft(in)) {
      return false;
    }
    int end = in.readerIndex() + frame.length();
    begun = false;
    switch (frame.type()) {
      case Http2Frame.HEADERS -> readHeaders(in, end);
      case Http2Frame.PRIORITY -> readPriority(in);
      case Http2Frame.RST_STREAM -> onReset();
      case Http2Frame.SETTINGS -> readSettings(in, end);
      case Http2Frame.PING -> readPing(in);
      case Http2Frame.GOAWAY -> connection.onGoAway();
      case Http2Frame.WINDOW_UPDATE -> onWindowUpdate(in.readInt() & Http2Frame.MOST_WINDOW);
      case Http2Frame.CONTINUATION -> readContinuation(in, end);
      default -> {
        // Unknown frames are ignored (RFC 9113 4.1).
      }
    }
    in.readerIndex(end);
    finished += blockId == 0 ? 1 : 0;
    return true;
  }

  /** Whether a request begins that is left for later. */
  private boolean isLeft(ByteBuf in) {
    return frame.type() == Http2Frame.HEADERS
        && frame.id() > connection.streams().last()
        && connection.backlog().leaves(in.readableBytes());
  }

  private void begin(ByteBuf in) throws Http2Fault {
    frame.read(in);
    int type = frame.type();
    connection.events().frame(type, frame.flags(), frame.length());
    begun = true;
    if (!settled && (type != Http2Frame.SETTINGS || frame.has(Http2Frame.ACK))) {
      throw new Http2Fault(Http2Error.PROTOCOL_ERROR, "the first frame is not SETTINGS");
    }
    boolean goesOn = type == Http2Frame.CONTINUATION;
    if (goesOn ? blockId == 0 || frame.id() != blockId : blockId != 0) {
      throw new Http2Fault(Http2Error.PROTOCOL_ERROR, "a frame in the middle of a head, or none");
    }
    frame.check();
    if (type == Http2Frame.DATA) {
      beginData();
    }
  }

  // DATA.

  private void beginData() throws Http2Fault {
    data.begin();
    var stream = connection.streams().get(frame.id());
    if (stream == null) {
      onLate();
    } else if (stream.body().ended()) {
      resetByUs(stream, Http2Error.STREAM_CLOSED);
    } else if (!data.isFor(stream)) {
      resetByUs(stream, Http2Error.FLOW_CONTROL_ERROR);
    }
  }

  private boolean readData(ByteBuf in) throws Http2Fault {
    if (!data.read(in)) {
      return false;
    }
    begun = !data.whole();
    finished += begun ? 0 : 1;
    return true;
  }

  /** A frame of a stream that isn't open: it may be on its way since before we closed it. */
  private void onLate() throws Http2Fault {
    connection.events().oddity(Offence.LATE_FRAME);
    if (!wasOpened()) {
      return;
    }
    switch (connection.streams().fate(frame.id())) {
      case RESET_BY_US, FORGOTTEN -> {
        // It didn't know.
      }
      case RESET_BY_CLIENT ->
          connection.parts().frames().reset(frame.id(), Http2Error.STREAM_CLOSED);
      case COMPLETE -> throw new Http2Fault(Http2Error.STREAM_CLOSED, "a frame behind the end");
      case NEVER -> throw new Http2Fault(Http2Error.PROTOCOL_ERROR, "a stream that was left out");
    }
  }

  private void resetByUs(Http2ServerStream stream, Http2Error code) throws Http2Fault {
    connection.reset(stream, code);
    connection.events().oddity(Offence.RESET_BY_US);
  }

  // HEADERS.

  private void readHeaders(ByteBuf in, int end) throws Http2Fault {
    int most = end - in.readerIndex();
    int padded = 0;
    if (frame.has(Http2Frame.PADDED)) {
      most--;
      padded = most < 0 ? 0 : in.readUnsignedByte();
    }
    blockDependsOnItself = false;
    if (frame.has(Http2Frame.WITH_PRIORITY)) {
      most -= PRIORITY_SIZE;
      if (most >= 0) {
        blockDependsOnItself = (in.readInt() & Http2Frame.MOST_WINDOW) == frame.id();
        in.skipBytes(1);
      }
    }
    if (most < 0) {
      throw new Http2Fault(Http2Error.FRAME_SIZE_ERROR, "HEADERS without its fields");
    }
    if (padded > most) {
      throw new Http2Fault(Http2Error.PROTOCOL_ERROR, "more padding than payload");
    }
    blockEndsStream = frame.has(Http2Frame.END_STREAM);
    blockBytes = Http2Frame.HEAD + frame.length();
    int blockEnd = end - padded;
    if (frame.has(Http2Frame.END_HEADERS)) {
      int written = in.writerIndex();
      in.writerIndex(blockEnd);
      onBlock(in);
      in.writerIndex(written);
    } else {
      blockId = frame.id();
      int size = blockEnd - in.readerIndex();
      gather(size);
      block = connection.alloc().buffer(size).writeBytes(in, size);
    }
  }

  private void readContinuation(ByteBuf in, int end) throws Http2Fault {
    var gathered = block;
    if (gathered == null) {
      return;
    }
    int size = end - in.readerIndex();
    blockBytes += Http2Frame.HEAD + size;
    if (gathered.readableBytes() + size > MOST_BLOCK) {
      throw new Http2Fault(Http2Error.ENHANCE_YOUR_CALM, "head longer than " + MOST_BLOCK);
    }
    gather(size);
    // No more than it is counted for: a buffer that grows by itself doubles.
    gathered.capacity(gathered.readableBytes() + size).writeBytes(in, size);
    if (!frame.has(Http2Frame.END_HEADERS)) {
      return;
    }
    block = null;
    blockId = 0;
    connection.held().release(gathered.readableBytes());
    try {
      onBlock(gathered);
    } finally {
      gathered.release();
    }
  }

  private void gather(int size) throws Http2Fault {
    if (!connection.held().tryGather(size)) {
      throw new Http2Fault(Http2Error.ENHANCE_YOUR_CALM, "no room for a head");
    }
  }

  private void onBlock(ByteBuf fields) throws Http2Fault {
    try {
      onFields(fields);
    } catch (Http2HeadBlock.BombException e) {
      connection.events().oddity(Offence.HEADER_BOMB);
    }
  }

  private void onFields(ByteBuf fields) throws Http2Fault {
    connection.events().resizes(Http2HeadBlock.resizes(fields));
    var streams = connection.streams();
    var stream = streams.get(frame.id());
    if (stream != null) {
      readTrailers(stream, fields);
    } else if ((frame.id() & 1) == 0) {
      throw new Http2Fault(Http2Error.PROTOCOL_ERROR, "a client's stream with an even number");
    } else if (frame.id() <= streams.last()) {
      blocks.read(fields, null);
      onLate();
    } else {
      openStream(fields);
    }
  }

  private void openStream(ByteBuf fields) throws Http2Fault {
    var streams = connection.streams();
    if (connection.servesNoMore()) {
      // It is above the number that GOAWAY named: the client asks again elsewhere.
      blocks.read(fields, null);
      connection.events().afterGoAway(streams.allowed());
      return;
    }
    streams.begin(frame.id());
    if (streams.full()) {
      blocks.read(fields, null);
      connection.refuse(frame.id(), Http2Error.REFUSED_STREAM);
      connection.events().refused();
    } else if (blockDependsOnItself) {
      blocks.read(fields, null);
      connection.refuse(frame.id(), Http2Error.PROTOCOL_ERROR);
      connection.events().oddity(Offence.RESET_BY_US);
    } else {
      connection.requests().onHead(frame.id(), fields, blockEndsStream, blockBytes);
    }
  }

  private void readTrailers(Http2ServerStream stream, ByteBuf fields) throws Http2Fault {
    trailers.begin();
    blocks.read(fields, trailers);
    stream.onFrameBytes(blockBytes);
    if (stream.body().ended()) {
      resetByUs(stream, Http2Error.STREAM_CLOSED);
    } else {
      if (!stream.onTrailers(trailers.good() && blockEndsStream)) {
        connection.events().oddity(Offence.RESET_BY_US);
      }
    }
  }

  // Small frames.

  private void readPriority(ByteBuf in) throws Http2Fault {
    var stream = connection.streams().get(frame.id());
    boolean sized = frame.length() == PRIORITY_SIZE;
    if (sized && (in.readInt() & Http2Frame.MOST_WINDOW) != frame.id()) {
      return;
    }
    var code = sized ? Http2Error.PROTOCOL_ERROR : Http2Error.FRAME_SIZE_ERROR;
    if (stream == null) {
      // Not open any more, or not yet: it can't be reset, and no client sends this by the way.
      throw new Http2Fault(code, "malformed PRIORITY");
    }
    resetByUs(stream, code);
  }

  private void onReset() throws Http2Fault {
    var stream = connection.streams().get(frame.id());
    if (stream != null) {
      boolean answered = stream.answered();
      connection.onReset(stream);
      // Who has its reply cancels no work.
      if (!answered) {
        connection.events().oddity(Offence.RESET_BY_CLIENT);
      }
    } else {
      var _ = wasOpened();
      connection.events().oddity(Offence.LATE_FRAME);
    }
  }

  /** False for a stream above the number that GOAWAY named, whose HEADERS were thrown away. */
  private boolean wasOpened() throws Http2Fault {
    boolean odd = (frame.id() & 1) != 0;
    boolean opened = odd && frame.id() <= connection.streams().last();
    if (!opened && !(odd && connection.servesNoMore())) {
      throw new Http2Fault(Http2Error.PROTOCOL_ERROR, "a frame of a stream that was never opened");
    }
    return opened;
  }

  private void readSettings(ByteBuf in, int end) throws Http2Fault {
    if (frame.has(Http2Frame.ACK)) {
      connection.streams().acknowledged();
      return;
    }
    settled = true;
    var peer = connection.peer();
    int before = peer.initialWindow();
    while (in.readerIndex() < end) {
      peer.read(in);
    }
    connection.parts().frames().settingsAck();
    int change = peer.initialWindow() - before;
    if (change != 0) {
      for (var stream : connection.streams().all()) {
        grow(stream, change);
      }
    }
  }

  private void readPing(ByteBuf in) {
    long payload = in.readLong();
    if (frame.has(Http2Frame.ACK)) {
      connection.onPingAck(payload);
    } else {
      connection.parts().frames().ping(true, payload);
    }
  }

  private void onWindowUpdate(int increment) throws Http2Fault {
    if (frame.id() == 0) {
      if (increment == 0) {
        throw new Http2Fault(Http2Error.PROTOCOL_ERROR, "WINDOW_UPDATE of nothing");
      }
      connection.parts().sender().grow(increment);
      return;
    }
    var stream = connection.streams().get(frame.id());
    if (stream == null) {
      var _ = wasOpened();
    } else if (increment == 0) {
      resetByUs(stream, Http2Error.PROTOCOL_ERROR);
    } else if (stream.outbound().window > Http2Frame.MOST_WINDOW - increment) {
      resetByUs(stream, Http2Error.FLOW_CONTROL_ERROR);
    } else {
      stream.outbound().window += increment;
      connection.parts().sender().onWindow(stream);
    }
  }

  /** Another initial window changes all windows, and may make them negative (RFC 9113 6.9.2). */
  private void grow(Http2ServerStream stream, int change) throws Http2Fault {
    long window = (long) stream.outbound().window + change;
    if (window > Http2Frame.MOST_WINDOW) {
      throw new Http2Fault(Http2Error.FLOW_CONTROL_ERROR, "initial window too large");
    }
    stream.outbound().window = (int) window;
    connection.parts().sender().onWindow(stream);
  }
}
