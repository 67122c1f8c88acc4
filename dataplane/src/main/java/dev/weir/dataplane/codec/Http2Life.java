package dev.weir.dataplane.codec;

import io.netty.handler.codec.http2.Http2Error;
import java.util.concurrent.TimeUnit;

/**
 * How far a connection of HTTP/2 is on its way to its end. In good order that comes as RFC 9113 6.8
 * wants: a GOAWAY that names no stream, a round trip later one that names the last stream that is
 * served, then the end when that is over; after a fault at once. Either way the last frames are
 * waited for as {@link Lingering} says.
 *
 * <p>Owned by the connection's event loop.
 */
final class Http2Life {
  /** How long a client has to say that it knows of the end. */
  private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What our PING says; its echo says that the client has seen what came before. */
  private static final long LEAVING = 0x6c656176696e6700L;

  private enum Stage {
    OPEN,
    /** The client is told that there will be an end. */
    LEAVING,
    /** The client knows the last stream. */
    LAST,
    /** Nothing more is read but thrown away, so that the last frames aren't lost to a reset. */
    LINGER,
    CLOSED
  }

  private final Http2ServerConnection connection;
  private final Lingering lingering = new Lingering();
  private final LazyTimer timer;
  private Stage stage = Stage.OPEN;
  private boolean peerLeaves;
  private Http2Error leaves = Http2Error.NO_ERROR;

  Http2Life(Http2ServerConnection connection) {
    this.connection = connection;
    this.timer = new LazyTimer(connection.downstream().loop(), this::onTimeout);
  }

  /** Begins; without a request it is over after so many nanoseconds. */
  void begin(long idle) {
    timer.start(idle);
  }

  /** Whether no stream is served that begins now. */
  boolean servesNoMore() {
    return stage != Stage.OPEN && stage != Stage.LEAVING;
  }

  /** Whether nothing more is to be read. */
  boolean ending() {
    return stage == Stage.LINGER || stage == Stage.CLOSED;
  }

  /** Whether the connection is gone. */
  boolean closed() {
    return stage == Stage.CLOSED;
  }

  /** Whether the socket may be read as far as that is decided by the end. */
  boolean reads(boolean otherwise) {
    return stage == Stage.LINGER ? lingering.reads() : otherwise;
  }

  /** At the end so many bytes were thrown away. */
  void discarded(int bytes) {
    lingering.discarded(bytes);
  }

  /** There is a request again. */
  void onBusy() {
    if (stage == Stage.OPEN) {
      timer.stop();
    }
  }

  /** There is no request any more. */
  void onIdle() {
    if (stage == Stage.OPEN) {
      timer.start(connection.limits().keepAlive());
    }
    endIfDone();
  }

  /** Asks the client to go on with another connection. */
  void leave(Http2Error why) {
    if (stage == Stage.OPEN) {
      stage = Stage.LEAVING;
      leaves = why;
      frames().goAway(Http2Frame.MOST_WINDOW, why);
      frames().ping(false, LEAVING);
      timer.start(LEAVE_NANOS);
    }
  }

  /** The client answered a PING. */
  void onPingAck(long payload) {
    if (payload == LEAVING && stage == Stage.LEAVING) {
      nameLast();
    }
  }

  /** The client opens no more streams. */
  void onGoAway() {
    peerLeaves = true;
    endIfDone();
  }

  private void nameLast() {
    stage = Stage.LAST;
    timer.stop();
    frames().goAway(connection.streams().last(), leaves);
    endIfDone();
  }

  private void endIfDone() {
    boolean wanted = stage == Stage.LAST || (peerLeaves && stage == Stage.OPEN);
    if (wanted && connection.isIdle()) {
      end();
    }
  }

  /** Nothing is read any more, and no stream served, from now on; {@link #end} follows. */
  void fail(Http2Error why) {
    frames().goAway(connection.streams().last(), why);
    stage = Stage.LINGER;
  }

  /** Shuts the sending side when all is sent, then reads on for a moment. */
  void end() {
    stage = Stage.LINGER;
    timer.stop();
    connection.onEnd();
    connection.parts().output().shutdownAfterFlush(this::lingerOn);
  }

  private void lingerOn() {
    lingering.begin(System.nanoTime());
    if (stage == Stage.LINGER) {
      timer.start(Lingering.PERIOD);
      connection.regulateReading();
    }
  }

  /** The connection is gone. */
  void onGone() {
    stage = Stage.CLOSED;
    timer.close();
  }

  private void onTimeout() {
    switch (stage) {
      case OPEN -> {
        if (connection.isIdle()) {
          frames().goAway(connection.streams().last(), Http2Error.NO_ERROR);
          end();
        }
      }
      case LEAVING -> nameLast();
      case LINGER -> {
        boolean acknowledged = connection.parts().output().acknowledged();
        if (lingering.over(System.nanoTime(), connection.limits().send(), acknowledged)) {
          connection.close();
        } else {
          timer.start(Lingering.PERIOD);
        }
      }
      case LAST, CLOSED -> {}
    }
  }

  private Http2Output frames() {
    return connection.parts().frames();
  }
}
