package dev.weir.dataplane.upstream;

import dev.weir.dataplane.codec.ReplyParts;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an upstream connection has read of a part of its reply that isn't whole: lines of a head or
 * of trailers, and the record of TLS that came last. It counts for the client of the reply, and its
 * next read waits while that client's connection has no room for what is missing.
 *
 * <p>Nothing of this happens where parts come whole, as most do. Owned by the connection's event
 * loop.
 */
final class GatheredPart implements ReplyParts.Part {
  /** Of lines nobody knows how long they are. */
  private static final int STEP = 4 * 1024;

  /** RFC 8446 5.2; with more of a record the connection fails. */
  private static final int MOST_RECORD = 16 * 1024 + 256;

  /** An endpoint of which nothing came for so long has others go first. */
  private static final long SILENCE = TimeUnit.SECONDS.toNanos(1);

  private final Http1Connection connection;
  private int lines;
  private int record;
  private int missing;

  /** Who was told of it; null for nobody. */
  private @Nullable ReplyParts told;

  private int counted;
  private int reserved;

  /** Of what is counted: as much as there was when nothing more came. */
  private int stuck;

  /** Whether it was asked for, and is read with that right. */
  private boolean asked;

  private boolean waits;
  private boolean changed;
  private boolean recordEnded;
  private boolean moves;
  private long movedAt;

  GatheredPart(Http1Connection connection) {
    this.connection = connection;
  }

  /**
   * TLS was read.
   *
   * @param bytes that were read
   * @param held of the last record, unless it is whole
   * @param rest that is missing of it
   */
  void onRecords(int bytes, int held, int rest) {
    recordEnded |= missing > 0 && bytes >= missing;
    record = held;
    missing = rest;
    tell(bytes);
  }

  /**
   * What was read was parsed.
   *
   * @param bytes that were read, unless {@link #onRecords} was told of them
   * @param held of lines
   */
  void onLines(int bytes, int held) {
    lines = held;
    tell(bytes);
  }

  private void tell(int bytes) {
    int now = lines + record;
    var to = told;
    if (to == null) {
      var room = now == 0 ? null : connection.room();
      if (room == null) {
        return;
      }
      to = room.parts();
      told = to;
    }
    moves = true;
    if (stuck > 0) {
      to.stuck(-stuck);
      stuck = 0;
    }
    int rest = now == 0 ? 0 : Math.max(0, reserved - bytes);
    if (now != counted || rest != reserved) {
      to.gathering(now - counted, rest - reserved);
      counted = now;
      reserved = rest;
      changed = true;
    }
  }

  /** All of a read was handed on. */
  void settle() {
    var to = told;
    if (!changed || to == null) {
      return;
    }
    changed = false;
    // The end of a connection is read without being asked for.
    waits &= counted > 0;
    if (partEnded()) {
      asked = false;
      to.forget(this);
    }
    recordEnded = false;
    to.gathered();
  }

  /** Whether that is over which was asked for, and others have their turn. */
  private boolean partEnded() {
    return asked && !waits && lines == 0 && (record == 0 || recordEnded);
  }

  /** Whether the connection may be read; if not, it is as soon as there is room. */
  boolean mayRead() {
    var to = told;
    if (to == null || counted == 0) {
      return true;
    }
    if (waits) {
      return false;
    }
    if (reserved >= missing()) {
      return true;
    }
    if (partEnded()) {
      to.forget(this);
    }
    recordEnded = false;
    asked = true;
    // It must not be in its own way.
    to.gathering(0, -reserved);
    reserved = 0;
    if (to.admits(this)) {
      reserve(to);
      return true;
    }
    waits = true;
    return false;
  }

  private void reserve(ReplyParts to) {
    reserved = missing();
    to.gathering(0, reserved);
    moves = true;
  }

  /** What the next read may bring. */
  int reserved() {
    return reserved;
  }

  /**
   * Looks from time to time whether something is to be done.
   *
   * @return whether it is us who don't read
   */
  boolean check(long now) {
    var to = told;
    if (to == null) {
      return false;
    }
    if (waits) {
      to.gathered();
      return true;
    }
    if (moves) {
      moves = false;
      movedAt = now;
    } else if (asked && now - movedAt > SILENCE) {
      passOver(to);
    }
    return false;
  }

  /** Its read goes on, for what comes without being asked for. */
  private void passOver(ReplyParts to) {
    to.gathering(0, -reserved);
    reserved = 0;
    asked = false;
    to.forget(this);
    stuck = counted;
    to.stuck(stuck);
    to.gathered();
  }

  /** The reply is over, or was given up: what is left of a record counts for the next one. */
  void over() {
    var to = told;
    if (to == null) {
      return;
    }
    told = null;
    to.stuck(-stuck);
    to.gathering(-counted, -reserved);
    if (asked || waits) {
      to.forget(this);
    }
    lines = 0;
    counted = 0;
    reserved = 0;
    stuck = 0;
    asked = false;
    waits = false;
    changed = false;
    recordEnded = false;
  }

  @Override
  public int missing() {
    return record == 0 ? STEP : Math.clamp(missing, 1, MOST_RECORD);
  }

  @Override
  public void admitted() {
    var to = told;
    if (waits && to != null) {
      waits = false;
      reserve(to);
      connection.requestRead();
    }
  }
}
