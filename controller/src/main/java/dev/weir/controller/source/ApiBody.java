package dev.weir.controller.source;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as a stream. A read returns as soon as there is anything; the next piece is
 * asked for only when all before it is read.
 *
 * <p>One thread reads; any thread may {@link #close}, which ends a waiting read with an exception.
 */
final class ApiBody extends InputStream implements AsyncBody.Consumer<List<ByteBuffer>> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>();
  private @Nullable AsyncBody body;
  private @Nullable Throwable failure;
  private boolean asked;
  private boolean done;
  private boolean closed;

  /** Called with the body once the head has arrived. */
  void start(AsyncBody body) {
    lock.lock();
    try {
      this.body = body;
      if (closed) {
        body.cancel();
      }
    } finally {
      lock.unlock();
    }
    var _ = body.done().whenComplete((nothing, problem) -> finish(problem));
  }

  private void finish(@Nullable Throwable problem) {
    lock.lock();
    try {
      done = true;
      failure = problem;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void consume(List<ByteBuffer> value, AsyncBody body) {
    lock.lock();
    try {
      value.stream().filter(ByteBuffer::hasRemaining).forEach(buffers::add);
      asked = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      var buffer = await();
      if (buffer == null) {
        return -1;
      }
      int count = Math.min(length, buffer.remaining());
      buffer.get(target, offset, count);
      if (!buffer.hasRemaining()) {
        buffers.remove();
      }
      return count;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable ByteBuffer await() throws IOException {
    while (true) {
      if (closed) {
        throw ApiFailure.noAnswer("the answer was cut");
      }
      var buffer = buffers.peek();
      if (buffer != null) {
        return buffer;
      }
      if (failure != null) {
        throw ApiFailure.noAnswer(ApiFailure.reason(failure));
      }
      if (done) {
        return null;
      }
      if (asked || body == null) {
        changed.awaitUninterruptibly();
      } else {
        askForMore(body);
      }
    }
  }

  /** Outside the lock: the body has a lock of its own, and calls back under it. */
  private void askForMore(AsyncBody body) {
    asked = true;
    lock.unlock();
    try {
      body.consume();
    } finally {
      lock.lock();
    }
  }

  /** Drops what is left; the connection is closed unless the body had ended. */
  @Override
  public void close() {
    AsyncBody cancelled;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      cancelled = done ? null : body;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (cancelled != null) {
      cancelled.cancel();
    }
  }
}
