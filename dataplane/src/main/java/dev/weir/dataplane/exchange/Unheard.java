package dev.weir.dataplane.exchange;

import dev.weir.dataplane.codec.ServerStreamListener;
import dev.weir.dataplane.http.Refusal;
import io.netty.buffer.ByteBuf;

/** Listens to a request that was answered at once: what still comes of it is dropped. */
enum Unheard implements ServerStreamListener {
  STREAM;

  @Override
  public void onBody(ByteBuf data, boolean end) {
    data.release();
  }

  @Override
  public void onWritable() {
    // Nothing is to be written any more.
  }

  @Override
  public void onBodyRefused(Refusal refusal) {
    // It has its answer.
  }

  @Override
  public void onReset() {
    // Nothing is under way.
  }
}
