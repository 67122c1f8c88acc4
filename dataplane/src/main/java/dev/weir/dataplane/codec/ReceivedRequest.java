package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.ByteText;
import dev.weir.dataplane.http.Destination;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.HostText;
import dev.weir.dataplane.http.HttpVersion;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.http.RequestValidator;
import org.jspecify.annotations.Nullable;

/**
 * A request head as received: its bytes in the form that HTTP/1 has, and where in them everything
 * is; a head of HTTP/2 is written out in that form, too. Does not change until it is released; then
 * another request's bytes come into it. Owned by one event loop.
 */
final class ReceivedRequest implements RequestHead {
  private final SpareHeads home;
  private final ByteFields fields = new ByteFields();
  private final ByteText line = new ByteText();
  private final ByteText target = new ByteText();
  private final Destination destination = new Destination();
  private final HeadEdits edits = new HeadEdits();
  private HttpVersion version = HttpVersion.HTTP_1_1;
  private String method = "";
  private String upgrade = "";
  private long bodyLength;
  private boolean expectsContinue;
  private @Nullable WebSocketKey webSocketKey;
  private boolean kept;
  private boolean released;

  ReceivedRequest(SpareHeads home) {
    this.home = home;
  }

  /** Stands ready for another head. */
  void clear() {
    released = false;
    fields.clear();
    edits.clear();
    edits.requestId(0, 0);
    webSocketKey = null;
    line.set(fields.bytes(), 0, 0);
  }

  /** Takes the request line, whatever it says: the first bytes of the head. */
  void line(int end) {
    line.set(fields.bytes(), 0, end);
  }

  /** Takes what the request line says; the target is a place in the head's bytes. */
  void line(String newMethod, int targetStart, int targetEnd, HttpVersion newVersion) {
    method = newMethod;
    version = newVersion;
    target.set(fields.bytes(), targetStart, targetEnd);
  }

  /** Takes what the validator found out, once it found nothing wrong. */
  void interpret(RequestValidator validator) {
    bodyLength = validator.bodyLength();
    expectsContinue = validator.expectsContinue();
    upgrade = validator.upgrade();
    fields.nominates(validator.nominates());
  }

  /**
   * Takes what is known of a body that no field frames.
   *
   * @param length see {@link RequestHead#bodyLength}
   */
  void bodyLength(long length) {
    bodyLength = length;
  }

  /** It opens a WebSocket, and the key in its fields is ours. */
  void webSocket(WebSocketKey key) {
    upgrade = "websocket";
    webSocketKey = key;
    bodyLength = 0;
  }

  ByteText receivedTarget() {
    return target;
  }

  Destination destination() {
    return destination;
  }

  @Override
  public HttpVersion version() {
    return version;
  }

  @Override
  public String method() {
    assert !released;
    return method;
  }

  @Override
  public String target() {
    assert !released;
    return destination.target();
  }

  @Override
  public CharSequence targetText() {
    assert !released;
    return destination.targetText();
  }

  @Override
  public CharSequence authorityText() {
    assert !released;
    return destination.authorityText();
  }

  @Override
  public ByteText lineText() {
    assert !released;
    return line;
  }

  @Override
  public String path() {
    assert !released;
    return destination.path();
  }

  @Override
  public String authority() {
    assert !released;
    return destination.authority();
  }

  @Override
  public String host() {
    assert !released;
    return destination.host();
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
  public boolean expectsContinue() {
    return expectsContinue;
  }

  @Override
  public String upgrade() {
    return upgrade;
  }

  @Override
  public boolean accepts(ReplyHead reply) {
    var key = webSocketKey;
    if (key == null) {
      return true;
    }
    // In HTTP/2 any 2xx opens a tunnel (RFC 8441 5).
    return reply.status() == 101 ? key.isAcceptedBy(reply) : reply.status() / 100 != 2;
  }

  @Override
  public HostText hostText() {
    assert !released;
    return destination.hostText();
  }

  @Override
  public CharSequence pathText() {
    assert !released;
    return destination.pathText();
  }

  @Override
  public boolean pathIsPlain() {
    return destination.isPlain();
  }

  @Override
  public HeadEdits newEdits() {
    edits.clear();
    return edits;
  }

  @Override
  public void keep() {
    kept = true;
  }

  @Override
  public void release() {
    assert !released;
    if (!kept) {
      released = true;
      home.add(this);
    }
  }
}
