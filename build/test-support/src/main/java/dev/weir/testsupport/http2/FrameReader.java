package dev.weir.testsupport.http2;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Takes bytes as they arrive and gives the frames that are complete. */
public final class FrameReader {
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

  /** The frames that end in these bytes. */
  public List<Frame> read(byte[] more) {
    waiting.writeBytes(more);
    var bytes = waiting.toByteArray();
    var frames = new ArrayList<Frame>();
    int at = 0;
    while (bytes.length - at >= Frame.HEAD && bytes.length - at >= Frame.HEAD + length(bytes, at)) {
      int end = at + Frame.HEAD + length(bytes, at);
      frames.add(frame(bytes, at, Arrays.copyOfRange(bytes, at + Frame.HEAD, end)));
      at = end;
    }
    waiting.reset();
    waiting.write(bytes, at, bytes.length - at);
    return frames;
  }

  /** Bytes of a frame that is not complete. */
  public int left() {
    return waiting.size();
  }

  /** The frame whose first bytes stand there. */
  public static Frame frame(byte[] head, int at, byte[] payload) {
    int stream = ByteBuffer.wrap(head).getInt(at + 5) & Integer.MAX_VALUE;
    return new Frame(head[at + 3] & 0xff, head[at + 4] & 0xff, stream, payload);
  }

  /** The length that a frame's first bytes tell. */
  public static int length(byte[] head, int at) {
    return (head[at] & 0xff) << 16 | (head[at + 1] & 0xff) << 8 | (head[at + 2] & 0xff);
  }
}
