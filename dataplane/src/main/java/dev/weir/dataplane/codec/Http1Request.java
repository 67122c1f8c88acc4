package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.ByteText;
import dev.weir.dataplane.http.Destination;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.HostText;
import dev.weir.dataplane.http.HttpVersion;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.http.RequestValidator;

/**
 * A request head read from an HTTP/1 connection; its bytes, and where in them everything is. Does
 * not change until it is released; then another request's bytes come into it. Owned by one event
 * loop.
 */
final class Http1Request implements RequestHead {
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
  private boolean kept;
  private boolean released;

  Http1Request(SpareHeads home) {
    this.home = home;
  }

  /** Stands ready for another head. */
  void clear() {
    released = false;
    fields.clear();
    edits.clear();
    edits.requestId(0, 0);
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
