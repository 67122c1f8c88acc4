package dev.weir.dataplane.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Told of the end of every write of a connection, where a promise for each write would be garbage.
 * Never done itself: nobody waits for it. Owned by the channel's event loop.
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

  WriteCount(Channel channel, Listener listener) {
    super(channel);
    this.listener = listener;
  }

  @Override
  public boolean trySuccess(Void result) {
    listener.onWritten(null);
    return true;
  }

  @Override
  public boolean trySuccess() {
    return trySuccess(null);
  }

  @Override
  public ChannelPromise setSuccess(Void result) {
    listener.onWritten(null);
    return this;
  }

  @Override
  public ChannelPromise setSuccess() {
    return setSuccess(null);
  }

  @Override
  public boolean tryFailure(Throwable cause) {
    listener.onWritten(cause);
    return true;
  }

  @Override
  public ChannelPromise setFailure(Throwable cause) {
    listener.onWritten(cause);
    return this;
  }
}
