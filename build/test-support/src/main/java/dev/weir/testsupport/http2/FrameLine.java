package dev.weir.testsupport.http2;

import dev.weir.testsupport.Escapes;
import dev.weir.testsupport.http2.FrameCase.Step;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** One frame as a case writes it: what it is, and lines for its payload. */
final class FrameLine {
  private static final Pattern REPEATED = Pattern.compile(" *(\\d+) x (.*)");

  private final List<String> words;
  private final List<String> payload;

  private FrameLine(List<String> words, List<String> payload) {
    this.words = words;
    this.payload = payload;
  }

  /** What these lines say. */
  static List<Step> read(String line, List<String> payload) {
    var repeated = REPEATED.matcher(line);
    int times = repeated.matches() ? Integer.parseInt(repeated.group(1)) : 1;
    var once = repeated.matches() ? repeated.group(2) : line;
    var words = List.of(once.split(" ", -1));
    if (words.getFirst().equals("await")) {
      return List.of(new Step.Await(Integer.parseInt(words.get(1))));
    }
    var frame = new Step.Send(new FrameLine(words, payload).bytes());
    var frames = new ArrayList<Step>();
    for (int i = 0; i < times; i++) {
      frames.add(frame);
    }
    return frames;
  }

  private byte[] bytes() {
    var what = words.getFirst();
    if (what.equals("bytes")) {
      return fields(new FieldBlock()).bytes();
    }
    var frame =
        switch (what) {
          case "get" -> head("GET", Frame.END_STREAM);
          case "post" -> head("POST", 0);
          case "trailers" -> headers(new FieldBlock(), Frame.END_STREAM);
          case "headers" -> headers(new FieldBlock(), 0);
          case "continuation" ->
              new Frame(Frame.CONTINUATION, endHeaders(), number(1), block(new FieldBlock()));
          case "data" -> new Frame(Frame.DATA, 0, number(1), block(new FieldBlock()));
          case "settings" -> new Frame(Frame.SETTINGS, 0, 0, settings());
          case "ping" -> new Frame(Frame.PING, 0, 0, eightBytes());
          case "window" -> Frame.windowUpdate(number(1), number(2));
          case "reset" -> Frame.reset(number(1), ErrorCode.valueOf(words.get(2)));
          case "goaway" -> Frame.goAway(number(1), ErrorCode.valueOf(words.get(2)));
          case "priority" -> Frame.priority(number(1), number(2), 15);
          default -> new Frame(Integer.decode(what), 0, number(1), block(new FieldBlock()));
        };
    int flags = frame.flags();
    flags |= words.contains("end") ? Frame.END_STREAM : 0;
    flags |= words.contains("ack") ? Frame.ACK : 0;
    flags = has("flags") ? Integer.decode(option("flags")) : flags;
    int stream = has("stream") ? Long.decode(option("stream")).intValue() : frame.stream();
    frame = new Frame(frame.type(), flags, stream, frame.payload());
    if (has("padded")) {
      frame = padded(frame, Integer.parseInt(option("padded")));
    }
    return has("length") ? frame.bytes(Integer.parseInt(option("length"))) : frame.bytes();
  }

  /** A request for a path, {@code /} if none is given. */
  private Frame head(String method, int flags) {
    var path = words.size() > 2 && words.get(2).startsWith("/") ? Escapes.undo(words.get(2)) : "/";
    return headers(FieldBlock.request(method, "http", FrameCase.HOST, path), flags);
  }

  private Frame headers(FieldBlock begun, int flags) {
    return new Frame(Frame.HEADERS, flags | endHeaders(), number(1), block(begun));
  }

  private int endHeaders() {
    return words.contains("more") ? 0 : Frame.END_HEADERS;
  }

  /** The content, then {@code padding} zeros; {@code says} lies about their number. */
  private Frame padded(Frame frame, int padding) {
    var out = new ByteArrayOutputStream();
    out.write(has("says") ? Integer.parseInt(option("says")) : padding);
    out.writeBytes(frame.payload());
    out.writeBytes(new byte[padding]);
    return new Frame(frame.type(), frame.flags() | Frame.PADDED, frame.stream(), out.toByteArray());
  }

  private byte[] block(FieldBlock begun) {
    return fields(begun).bytes();
  }

  private FieldBlock fields(FieldBlock to) {
    for (var line : payload) {
      var repeated = REPEATED.matcher(line);
      int times = repeated.matches() ? Integer.parseInt(repeated.group(1)) : 1;
      var once = repeated.matches() ? repeated.group(2) : line.substring(2);
      for (int i = 0; i < times; i++) {
        add(to, once);
      }
    }
    return to;
  }

  private static void add(FieldBlock to, String line) {
    var words = line.split(" ", 2);
    switch (words[0]) {
      case "@hex" -> to.raw(HexFormat.of().parseHex(words[1].replace(" ", "")));
      case "@text" -> to.raw(Escapes.undo(words[1]).getBytes(StandardCharsets.ISO_8859_1));
      case "@index" -> to.indexed(Integer.parseInt(words[1]));
      case "@resize" -> to.resize(Integer.parseInt(words[1]));
      case "@keep" -> {
        var field = words[1].split(" = ", 2);
        to.kept(Escapes.undo(field[0]), Escapes.undo(field[1]));
      }
      default -> {
        var field = (line + (line.endsWith(" =") ? " " : "")).split(" = ", 2);
        to.field(Escapes.undo(field[0]), Escapes.undo(field[1]));
      }
    }
  }

  private byte[] settings() {
    var payloadBytes = new ByteArrayOutputStream();
    for (var line : payload) {
      if (line.startsWith("  @")) {
        var block = new FieldBlock();
        add(block, line.substring(2));
        payloadBytes.writeBytes(block.bytes());
      } else {
        var pair = line.strip().split(" = ", 2);
        var one = Frame.settings(Integer.decode(pair[0]), Long.decode(pair[1]).intValue());
        payloadBytes.writeBytes(one.payload());
      }
    }
    return payloadBytes.toByteArray();
  }

  private byte[] eightBytes() {
    return payload.isEmpty() ? new byte[8] : block(new FieldBlock());
  }

  private int number(int place) {
    return Long.decode(words.get(place)).intValue();
  }

  private boolean has(String option) {
    return words.stream().anyMatch(word -> word.startsWith(option + "="));
  }

  private String option(String option) {
    return words.stream()
        .filter(word -> word.startsWith(option + "="))
        .findFirst()
        .orElseThrow()
        .substring(option.length() + 1);
  }
}
