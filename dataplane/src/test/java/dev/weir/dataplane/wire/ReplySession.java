package dev.weir.dataplane.wire;

import dev.weir.dataplane.codec.MalformedReplyException;
import dev.weir.dataplane.codec.ReplyParser;
import dev.weir.dataplane.http.ReplyHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An endpoint's bytes, the pieces in which they arrive, and what the codec made of them. */
public final class ReplySession {
  /** What was asked, as far as it decides how a reply is read. */
  public enum Asked {
    GET,
    HEAD,
    UPGRADE
  }

  /** How it ended. */
  public enum End {
    /** Complete; the connection may be used again unless bytes are left over. */
    REUSABLE,
    /** Complete; the connection must be closed. */
    CLOSE,
    /** A close would be the proper end. */
    OPEN,
    /** More must come. */
    INCOMPLETE,
    /** Refused. */
    MALFORMED
  }

  /**
   * A head.
   *
   * @param fields {@code name: value}, in order
   */
  public record Head(int status, String reason, List<String> fields, long bodyLength) {
    static Head of(ReplyHead head) {
      var fields = new ArrayList<String>();
      head.fields().forEach((name, value) -> fields.add(name + ": " + value));
      return new Head(head.status(), head.reason(), fields, head.bodyLength());
    }
  }

  /**
   * What became of all bytes.
   *
   * @param heads informational ones and the final one
   * @param body empty if the reply was refused: how much was passed on before may depend on pieces
   * @param left bytes after the end of the reply
   */
  public record Outcome(List<Head> heads, String body, End end, int left) {
    @Override
    public String toString() {
      var text = new StringBuilder();
      for (var head : heads) {
        text.append(head.status).append(' ');
      }
      if (end != End.MALFORMED) {
        text.append('[').append(body).append("] ");
      }
      text.append(end);
      return left == 0 ? text.toString() : text + " +" + left;
    }
  }

  private final ReplyParser parser = new ReplyParser();
  private final List<Head> heads = new ArrayList<>();
  private final StringBuilder body = new StringBuilder();

  private ReplySession() {}

  /** What becomes of these bytes if they arrive in pieces that end at these places. */
  public static Outcome read(Asked asked, byte[] bytes, int... ends) {
    var session = new ReplySession();
    session.parser.begin(asked == Asked.HEAD, asked == Asked.UPGRADE);
    return session.feed(bytes, ends);
  }

  private Outcome feed(byte[] bytes, int... ends) {
    int from = 0;
    for (int i = 0; i <= ends.length; i++) {
      int to = i < ends.length ? ends[i] : bytes.length;
      var in = Unpooled.copiedBuffer(bytes, from, to - from);
      from = to;
      try {
        if (take(in)) {
          int left = in.readableBytes() + bytes.length - to;
          return outcome(parser.reusable() ? End.REUSABLE : End.CLOSE, left);
        }
      } catch (MalformedReplyException e) {
        body.setLength(0);
        return outcome(End.MALFORMED, 0);
      } finally {
        in.release();
      }
    }
    return outcome(parser.endsAtClose() ? End.OPEN : End.INCOMPLETE, 0);
  }

  private Outcome outcome(End end, int left) {
    return new Outcome(List.copyOf(heads), body.toString(), end, left);
  }

  private boolean take(ByteBuf in) throws MalformedReplyException {
    while (true) {
      switch (parser.next(in)) {
        case MORE -> {
          return false;
        }
        case INFORMATIONAL, HEAD -> heads.add(Head.of(parser.head()));
        case BODY -> {
          var piece = parser.takeBody();
          body.append(piece.toString(StandardCharsets.ISO_8859_1));
          piece.release();
        }
        case END -> {
          return true;
        }
      }
    }
  }
}
