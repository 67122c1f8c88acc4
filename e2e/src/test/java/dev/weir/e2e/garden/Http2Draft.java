package dev.weir.e2e.garden;

import dev.weir.testsupport.http2.FieldBlock;
import dev.weir.testsupport.http2.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A request before it becomes frames, open to changes. One thread. */
final class Http2Draft {
  /** One field; also pseudo-fields are. */
  record Field(String name, String value) {}

  final List<Field> pseudo = new ArrayList<>();
  final List<Field> fields = new ArrayList<>();
  final List<Field> trailers = new ArrayList<>();
  String body = "";
  boolean hasBody;

  /** Whether the stream's last frame says so. */
  boolean ends = true;

  /** The value of a pseudo-field; empty if it is gone. */
  String get(String name) {
    return pseudo.stream()
        .filter(field -> field.name().equals(name))
        .map(Field::value)
        .findFirst()
        .orElse("");
  }

  /** Gives a pseudo-field another value. */
  void set(String name, String value) {
    pseudo.replaceAll(field -> field.name().equals(name) ? new Field(name, value) : field);
  }

  /** As frames whose order is to be kept, heads and bodies cut at random. */
  ArrayDeque<byte[]> frames(int stream, Random random) {
    var frames = new ArrayDeque<byte[]>();
    var head = new ArrayList<>(pseudo);
    head.addAll(fields);
    boolean more = hasBody || !trailers.isEmpty();
    frames.add(block(stream, head, ends && !more, random));
    var bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    int at = 0;
    while (hasBody && at <= bytes.length) {
      int to = Math.min(bytes.length, at + 1 + random.nextInt(40));
      boolean last = to == bytes.length;
      frames.add(
          data(
              stream,
              Arrays.copyOfRange(bytes, at, to),
              last && ends && trailers.isEmpty(),
              random));
      at = last ? bytes.length + 1 : to;
    }
    if (!trailers.isEmpty()) {
      frames.add(block(stream, trailers, ends, random));
    }
    return frames;
  }

  private static byte[] data(int stream, byte[] bytes, boolean end, Random random) {
    if (random.nextInt(4) > 0) {
      return Frame.data(stream, bytes, end).bytes();
    }
    int padding = random.nextInt(20);
    var payload = new ByteArrayOutputStream();
    payload.write(padding);
    payload.writeBytes(bytes);
    payload.writeBytes(new byte[padding]);
    int flags = Frame.PADDED | (end ? Frame.END_STREAM : 0);
    return new Frame(Frame.DATA, flags, stream, payload.toByteArray()).bytes();
  }

  /** HEADERS, and CONTINUATION right behind, because nothing may stand between. */
  private static byte[] block(int stream, List<Field> fields, boolean end, Random random) {
    var block = new FieldBlock();
    for (var field : fields) {
      if (random.nextInt(5) == 0) {
        block.kept(field.name(), field.value());
      } else {
        block.field(field.name(), field.value());
      }
    }
    var bytes = block.bytes();
    int flags = end ? Frame.END_STREAM : 0;
    if (bytes.length < 2 || random.nextInt(4) > 0) {
      return new Frame(Frame.HEADERS, flags | Frame.END_HEADERS, stream, bytes).bytes();
    }
    int cut = 1 + random.nextInt(bytes.length - 1);
    var out = new ByteArrayOutputStream();
    out.writeBytes(new Frame(Frame.HEADERS, flags, stream, Arrays.copyOf(bytes, cut)).bytes());
    var rest = Arrays.copyOfRange(bytes, cut, bytes.length);
    out.writeBytes(new Frame(Frame.CONTINUATION, Frame.END_HEADERS, stream, rest).bytes());
    return out.toByteArray();
  }
}
