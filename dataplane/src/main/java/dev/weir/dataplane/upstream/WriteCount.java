package dev.weir.dataplane.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Counts the writes of a connection and is told of the end of each, where a promise for each would
 * be garbage. Never done itself: nobody waits for it. Owned by the channel's event loop.
 */
final class WriteCount extends DefaultChannelPromise {
  /** Who wants to know. */
  interface Listener {
    /**
     * A write ended.
     *
     * @param failure null if it went well
     */
    void onWritten(@Nullable Throwable failure);
  }

  private final Listener listener;
  private final @Nullable SealedBytes records;
  private int pending;
  private long done;

  /**
   * Nothing is written yet.
   *
   * @param tls whether TLS makes other bytes of what is written
   */
  WriteCount(Channel channel, boolean tls, Listener listener) {
    super(channel);
    this.listener = listener;
    this.records = tls ? new SealedBytes() : null;
  }

  /** These bytes are about to be written; whether no others wait. */
  boolean begin(ByteBuf data) {
    if (records != null) {
      records.add(data);
    }
    return pending++ == 0;
  }

  /** Whether bytes wait to be taken. */
  boolean pending() {
    return pending > 0;
  }

  /** How many writes have ended. */
  long done() {
    return done;
  }

  /** The connection is gone. */
  void end() {
    if (records != null) {
      records.clear();
    }
  }

  private void ended(@Nullable Throwable failure) {
    pending--;
    done++;
    if (records != null) {
      records.written();
    }
    listener.onWritten(failure);
  }

  @Override
  public boolean trySuccess(Void result) {
    ended(null);
    return true;
  }

  @Override
  public boolean trySuccess() {
    return trySuccess(null);
  }

  @Override
  public ChannelPromise setSuccess(Void result) {
    ended(null);
    return this;
  }

  @Override
  public ChannelPromise setSuccess() {
    return setSuccess(null);
  }

  @Override
  public boolean tryFailure(Throwable cause) {
    ended(cause);
    return true;
  }

  @Override
  public ChannelPromise setFailure(Throwable cause) {
    ended(cause);
    return this;
  }
}
