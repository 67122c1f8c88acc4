package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.ByteText;
import dev.weir.dataplane.http.ReplyHead;

/**
 * The head of an HTTP/1 reply; its bytes, and where in them everything is. Does not change until it
 * is released; then another reply's bytes come into it. Owned by one event loop.
 */
final class Http1Reply implements ReplyHead {
  private final SpareHeads home;
  private final ByteFields fields = new ByteFields();
  private final ByteText reason = new ByteText();
  private int status;
  private long bodyLength;
  private boolean released;

  Http1Reply(SpareHeads home) {
    this.home = home;
  }

  /** Stands ready for another head. */
  void clear() {
    released = false;
    fields.clear();
  }

  /** Takes the status line; the reason is a place in the head's bytes. */
  void line(int newStatus, int reasonStart, int reasonEnd) {
    status = newStatus;
    reason.set(fields.bytes(), reasonStart, reasonEnd);
  }

  void bodyLength(long length) {
    bodyLength = length;
  }

  /** The reason phrase as bytes. */
  ByteText reasonText() {
    return reason;
  }

  @Override
  public int status() {
    assert !released;
    return status;
  }

  @Override
  public String reason() {
    assert !released;
    return reason.toString();
  }

  @Override
  public ByteFields fields() {
    assert !released;
    return fields;
  }

  @Override
  public long bodyLength() {
    return bodyLength;
  }

  @Override
  public int held() {
    int count = fields.size();
    return count == 0 ? 0 : fields.valueEnd(count - 1);
  }

  @Override
  public void release() {
    assert !released;
    released = true;
    home.add(this);
  }
}
