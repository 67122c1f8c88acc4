package dev.weir.e2e.flood;

import dev.weir.testsupport.http2.ErrorCode;
import dev.weir.testsupport.http2.FieldBlock;
import dev.weir.testsupport.http2.Frame;
import java.io.ByteArrayOutputStream;

/**
 * What an attacker sends, again and again. Each round takes one new stream, and its bytes are right
 * but for what the flood is about.
 */
enum Flood {
  /** CVE-2023-44487. */
  RAPID_RESET(Outcome.CUT, "reset_by_client") {
    @Override
    void round(Bytes out, int stream) {
      out.add(hang(stream), Frame.reset(stream, ErrorCode.CANCEL));
    }
  },
  /** CVE-2025-8671, the first of its six ways. */
  ZERO_UPDATE(Outcome.CUT, "reset_by_us") {
    @Override
    void round(Bytes out, int stream) {
      out.add(hang(stream), Frame.windowUpdate(stream, 0));
    }
  },
  UPDATE_OVERFLOW(Outcome.CUT, "reset_by_us") {
    @Override
    void round(Bytes out, int stream) {
      out.add(hang(stream), Frame.windowUpdate(stream, Integer.MAX_VALUE));
    }
  },
  HEADERS_BEHIND_END(Outcome.CUT, "reset_by_us") {
    @Override
    void round(Bytes out, int stream) {
      out.add(hang(stream), hang(stream));
    }
  },
  DATA_BEHIND_END(Outcome.CUT, "reset_by_us") {
    @Override
    void round(Bytes out, int stream) {
      out.add(hang(stream), Frame.data(stream, "more", true));
    }
  },
  SHORT_PRIORITY(Outcome.CUT, "reset_by_us") {
    @Override
    void round(Bytes out, int stream) {
      out.add(hang(stream), new Frame(Frame.PRIORITY, 0, stream, new byte[4]));
    }
  },
  PRIORITY_OF_ITSELF(Outcome.CUT, "reset_by_us") {
    @Override
    void round(Bytes out, int stream) {
      out.add(hang(stream), Frame.priority(stream, stream, 1));
    }
  },
  LONG_BODY(Outcome.CUT, "reset_by_us") {
    @Override
    void round(Bytes out, int stream) {
      var head = FieldBlock.post(HOST, "/hang").field("content-length", "1");
      out.add(Frame.headers(stream, head, false), Frame.data(stream, "more", true));
    }
  },
  MALFORMED(Outcome.CUT, "malformed") {
    @Override
    void round(Bytes out, int stream) {
      out.add(Frame.headers(stream, FieldBlock.get(HOST, "/hang").field("connection", "x"), true));
    }
  },
  CONTINUATION(Outcome.CUT, "continuation") {
    @Override
    void round(Bytes out, int stream) {
      if (stream == 1) {
        out.add(hang(stream).withFlags(Frame.END_STREAM));
      }
      var field = FieldBlock.of("x-" + stream, "more").bytes();
      out.add(new Frame(Frame.CONTINUATION, 0, 1, field));
    }
  },
  EMPTY_CONTINUATION(Outcome.CUT, "continuation") {
    @Override
    void round(Bytes out, int stream) {
      if (stream == 1) {
        out.add(hang(stream).withFlags(Frame.END_STREAM));
      }
      out.add(new Frame(Frame.CONTINUATION, 0, 1, NOTHING));
    }
  },
  EMPTY_DATA(Outcome.CUT, "empty_data_again") {
    @Override
    void round(Bytes out, int stream) {
      out.add(stream == 1 ? upload(stream) : Frame.data(1, NOTHING, false));
    }
  },
  EMPTY_DATA_BETWEEN(Outcome.CUT, "empty_data") {
    @Override
    void round(Bytes out, int stream) {
      out.add(stream == 1 ? upload(stream) : Frame.data(1, NOTHING, false));
      out.add(Frame.data(1, "bytes", false));
    }
  },
  TINY_DATA(Outcome.CUT, "tiny_data") {
    @Override
    void round(Bytes out, int stream) {
      out.add(stream == 1 ? upload(stream) : Frame.data(1, "b", false));
    }
  },
  SETTINGS(Outcome.CUT, "settings") {
    @Override
    void round(Bytes out, int stream) {
      out.add(Frame.settings(Frame.INITIAL_WINDOW_SIZE, 1000 + stream));
    }
  },
  SETTINGS_ACK(Outcome.CUT, "settings") {
    @Override
    void round(Bytes out, int stream) {
      out.add(Frame.settingsAck());
    }
  },
  PING(Outcome.CUT, "ping") {
    @Override
    void round(Bytes out, int stream) {
      out.add(Frame.ping(stream));
    }
  },
  PING_UNREAD(Outcome.CUT_UNREAD, "ping") {
    @Override
    void round(Bytes out, int stream) {
      out.add(Frame.ping(stream));
    }
  },
  PRIORITY(Outcome.CUT, "priority") {
    @Override
    void round(Bytes out, int stream) {
      out.add(Frame.priority(stream, 0, 1));
    }
  },
  WINDOW_UPDATE(Outcome.CUT, "window_update") {
    @Override
    void round(Bytes out, int stream) {
      out.add(Frame.windowUpdate(0, 1));
    }
  },
  /** Windows of nothing, widened byte by byte. */
  RATIONED_WINDOW(Outcome.CUT, "window_update") {
    @Override
    Frame settings() {
      return Frame.settings(Frame.INITIAL_WINDOW_SIZE, 0);
    }

    @Override
    void round(Bytes out, int stream) {
      out.add(stream == 1 ? large(stream) : Frame.windowUpdate(1, 1));
    }
  },
  /** Replies that nobody takes. */
  ZERO_WINDOW(Outcome.BOUNDED, "") {
    @Override
    Frame settings() {
      return Frame.settings(Frame.INITIAL_WINDOW_SIZE, 0);
    }

    @Override
    int rounds() {
      return 20;
    }

    @Override
    void round(Bytes out, int stream) {
      out.add(large(stream));
    }
  },
  /** Replies that are taken by nobody but the window of the connection. */
  UNREAD_REPLIES(Outcome.BOUNDED_UNREAD, "") {
    @Override
    Frame settings() {
      return Frame.settings(Frame.INITIAL_WINDOW_SIZE, Integer.MAX_VALUE);
    }

    @Override
    int rounds() {
      return 20;
    }

    @Override
    void round(Bytes out, int stream) {
      if (stream == 1) {
        out.add(Frame.windowUpdate(0, Integer.MAX_VALUE - 65_535));
      }
      out.add(large(stream));
    }
  },
  /** Bodies that nobody takes. */
  UPLOADS(Outcome.BOUNDED, "") {
    @Override
    int rounds() {
      return 20;
    }

    @Override
    void round(Bytes out, int stream) {
      out.add(upload(stream));
      // All streams together no more than the connection's first window.
      out.add(Frame.data(stream, new byte[3000], false));
    }
  },
  /** CVE-2026-47774, CVE-2026-49975: a large entry of the table, named by one byte each. */
  HEADER_BOMB(Outcome.CUT, "header_bomb") {
    @Override
    void round(Bytes out, int stream) {
      var head = FieldBlock.get(HOST, "/hang");
      if (stream == 1) {
        head.kept("x-bomb", "b".repeat(3000));
      } else {
        for (int i = 0; i < 15_000; i++) {
          head.indexed(62);
        }
      }
      out.add(Frame.headers(stream, head, true));
    }
  },
  /** The same within what a head may have, on as many streams as there may be, and nothing read. */
  MANY_FIELDS(Outcome.BOUNDED_UNREAD, "") {
    @Override
    Frame settings() {
      return Frame.settings(Frame.INITIAL_WINDOW_SIZE, 0);
    }

    @Override
    int rounds() {
      return 120;
    }

    @Override
    void round(Bytes out, int stream) {
      var head = FieldBlock.get(HOST, "/large");
      if (stream == 1) {
        head.kept("x-bomb", "b".repeat(300));
      }
      for (int i = 0; i < 90; i++) {
        head.indexed(62);
      }
      out.add(Frame.headers(stream, head, true));
    }
  },
  TOO_LARGE_HEADS(Outcome.CUT, "head_too_large") {
    @Override
    void round(Bytes out, int stream) {
      var head = FieldBlock.get(HOST, "/hang");
      for (int i = 0; i < 120; i++) {
        head.field("x", "");
      }
      out.add(Frame.headers(stream, head, true));
    }
  },
  /** CVE-2026-50560: no reply would fit, if anybody cared. */
  TINY_HEADER_LIST(Outcome.SERVED, "") {
    @Override
    Frame settings() {
      return Frame.settings(MAX_HEADER_LIST_SIZE, 1);
    }

    @Override
    int rounds() {
      return 10;
    }

    @Override
    void round(Bytes out, int stream) {
      out.add(Frame.headers(stream, FieldBlock.get(HOST, "/small"), true));
    }
  },
  TABLE_RESIZE(Outcome.CUT, "table_resize") {
    @Override
    void round(Bytes out, int stream) {
      var head = new FieldBlock().resize(0).resize(4096);
      head.raw(FieldBlock.get(HOST, "/small").bytes());
      out.add(Frame.headers(stream, head, true));
    }
  },
  MANY_RESIZES(Outcome.CUT, "table_resize") {
    @Override
    void round(Bytes out, int stream) {
      var head = new FieldBlock();
      for (int i = 0; i < 1000; i++) {
        head.resize(0).resize(4096);
      }
      head.raw(FieldBlock.get(HOST, "/small").bytes());
      out.add(Frame.headers(stream, head, true));
    }
  },
  TOO_MANY_STREAMS(Outcome.CUT, "too_many_streams") {
    @Override
    void round(Bytes out, int stream) {
      out.add(hang(stream));
    }
  },
  UNKNOWN_FRAMES(Outcome.CUT, "unknown_frame") {
    @Override
    void round(Bytes out, int stream) {
      out.add(new Frame(0x4b, 0, stream, new byte[8]));
    }
  },
  GOAWAYS(Outcome.CUT, "goaway") {
    @Override
    void round(Bytes out, int stream) {
      if (stream == 1) {
        out.add(hang(stream));
      }
      out.add(Frame.goAway(0, ErrorCode.NO_ERROR));
    }
  };

  static final String NAME = "target";
  static final String HOST = NAME + ".test";
  private static final int MAX_HEADER_LIST_SIZE = 6;
  private static final byte[] NOTHING = {};
  private static final int MANY = 12_000;

  private final Outcome outcome;
  private final String offence;

  /** What becomes of the attacker's connection, and whether it reads what it is sent. */
  enum Outcome {
    CUT,
    CUT_UNREAD,
    /** It stays open for longer than the test looks. */
    BOUNDED,
    BOUNDED_UNREAD,
    /** Its requests are answered. */
    SERVED;

    boolean cut() {
      return this == CUT || this == CUT_UNREAD;
    }

    boolean reads() {
      return this != CUT_UNREAD && this != BOUNDED_UNREAD;
    }
  }

  Flood(Outcome outcome, String offence) {
    this.outcome = outcome;
    this.offence = offence;
  }

  Outcome outcome() {
    return outcome;
  }

  /** What the connection is charged for in the end; empty for nothing. */
  String offence() {
    return offence;
  }

  /** Whether each round has the proxy cancel a request that it sent to a backend. */
  boolean cancels() {
    return offence.startsWith("reset_by");
  }

  /** The settings that the connection begins with. */
  Frame settings() {
    return Frame.settings();
  }

  /** After how many rounds there is no more to send. */
  int rounds() {
    return MANY;
  }

  /** One more round, with a stream that wasn't used before. */
  abstract void round(Bytes out, int stream);

  /** A request that is never answered. */
  private static Frame hang(int stream) {
    return Frame.headers(stream, FieldBlock.get(HOST, "/hang"), true);
  }

  /** One whose reply is large. */
  private static Frame large(int stream) {
    return Frame.headers(stream, FieldBlock.get(HOST, "/large"), true);
  }

  /** One whose body follows. */
  private static Frame upload(int stream) {
    return Frame.headers(stream, FieldBlock.post(HOST, "/hang"), false);
  }

  /** Gathers frames. */
  static final class Bytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Bytes add(Frame... frames) {
      for (var frame : frames) {
        bytes.writeBytes(frame.bytes());
      }
      return this;
    }

    Bytes add(byte[] more) {
      bytes.writeBytes(more);
      return this;
    }

    int size() {
      return bytes.size();
    }

    byte[] take() {
      var taken = bytes.toByteArray();
      bytes.reset();
      return taken;
    }
  }
}
