package dev.weir.dataplane.http;

import static io.netty.util.AsciiString.contentEqualsIgnoreCase;

import org.jspecify.annotations.Nullable;

/** What {@link RequestValidator} needs of the fields, gathered in one pass over them. */
final class RequestFields implements Fields.Visitor, Tokens.Visitor {
  private final ByteText hostBytes = new ByteText();
  private int hosts;
  private int contentLengths;
  private int transferEncodings;
  private int authorizations;
  private int contentTypes;
  private int forwardedProtos;
  private CharSequence host = "";
  private long contentLength;
  private String transferEncoding = "";
  private String upgrade = "";
  private boolean oldWebSocket;
  private boolean expectsContinue;
  private boolean unknownExpectation;
  private boolean connectionClose;
  private boolean connectionKeepAlive;
  private boolean connectionUpgrade;
  private boolean nominates;
  private @Nullable String nominated;

  void clear() {
    hosts = contentLengths = transferEncodings = 0;
    authorizations = contentTypes = forwardedProtos = 0;
    host = transferEncoding = upgrade = "";
    contentLength = 0;
    nominates = false;
    oldWebSocket = expectsContinue = unknownExpectation = false;
    connectionClose = connectionKeepAlive = connectionUpgrade = false;
    nominated = null;
  }

  @Override
  public void field(CharSequence name, CharSequence value) {
    field(FieldName.of(name), value);
  }

  /** Takes a field; {@code value} is read during the call only, or an immutable text. */
  void field(FieldName name, CharSequence value) {
    switch (name) {
      case HOST -> {
        hosts++;
        host =
            value instanceof ByteText text
                ? hostBytes.set(text.bytes(), text.start(), text.end())
                : value.toString();
      }
      case EXPECT -> expect(value);
      case UPGRADE -> upgrade = upgrade.isEmpty() ? value.toString() : upgrade + ", " + value;
      case CONNECTION -> connection(value);
      case CONTENT_TYPE -> contentTypes++;
      case AUTHORIZATION -> authorizations++;
      case CONTENT_LENGTH -> {
        contentLengths++;
        contentLength = RequestValidator.contentLength(value);
      }
      case TRANSFER_ENCODING -> {
        transferEncodings++;
        transferEncoding = contentEqualsIgnoreCase(value, "chunked") ? "chunked" : value.toString();
      }
      case X_FORWARDED_PROTO -> forwardedProtos++;
      case SEC_WEBSOCKET_KEY1, SEC_WEBSOCKET_KEY2 -> oldWebSocket = true;
      case OTHER,
          TE,
          PROXY,
          SERVER,
          TRAILER,
          X_SCHEME,
          X_REAL_IP,
          KEEP_ALIVE,
          X_REQUEST_ID,
          HTTP2_SETTINGS,
          X_FORWARDED_FOR,
          PROXY_CONNECTION,
          X_FORWARDED_HOST,
          X_FORWARDED_PORT,
          PROXY_AUTHENTICATE,
          X_FORWARDED_SCHEME,
          PROXY_AUTHORIZATION,
          X_ORIGINAL_FORWARDED_FOR,
          X_ORIGINAL_FORWARDED_HOST -> {}
    }
  }

  private void expect(CharSequence value) {
    if (contentEqualsIgnoreCase(value, "100-continue")) {
      expectsContinue = true;
    } else {
      unknownExpectation = true;
    }
  }

  private void connection(CharSequence value) {
    if (contentEqualsIgnoreCase(value, "keep-alive")) {
      connectionKeepAlive = true;
    } else if (contentEqualsIgnoreCase(value, "close")) {
      connectionClose = true;
    } else {
      Tokens.forEach(value, this);
    }
  }

  @Override
  public void token(String nomination) {
    nominates = true;
    switch (nomination) {
      case "close" -> connectionClose = true;
      case "keep-alive" -> connectionKeepAlive = true;
      case "upgrade" -> connectionUpgrade = true;
      case "host",
          "authorization",
          "content-length",
          "content-type",
          "transfer-encoding",
          "cookie",
          "forwarded",
          "x-real-ip",
          "x-request-id",
          "x-scheme" ->
          nominated = nomination;
      default -> {
        if (nomination.startsWith("x-forwarded-") || nomination.startsWith("x-original-")) {
          nominated = nomination;
        }
      }
    }
  }

  /** What is wrong with fields that have nothing to do with framing. */
  @Nullable Refusal fault() {
    if (nominated != null) {
      return new Refusal(400, "Connection names " + nominated);
    }
    if (authorizations > 1 || contentTypes > 1 || forwardedProtos > 1) {
      return new Refusal(400, "a field that must be single is repeated");
    }
    // Hixie-76: eight bytes of body follow without being announced.
    return oldWebSocket && !upgrade.isEmpty()
        ? new Refusal(400, "obsolete WebSocket handshake")
        : null;
  }

  int hosts() {
    return hosts;
  }

  int contentLengths() {
    return contentLengths;
  }

  int transferEncodings() {
    return transferEncodings;
  }

  /** Read before the next head is. */
  CharSequence host() {
    return host;
  }

  /** -1 if it is no number. */
  long contentLength() {
    return contentLength;
  }

  String transferEncoding() {
    return transferEncoding;
  }

  String upgrade() {
    return upgrade;
  }

  boolean expectsContinue() {
    return expectsContinue;
  }

  boolean unknownExpectation() {
    return unknownExpectation;
  }

  boolean connectionClose() {
    return connectionClose;
  }

  boolean connectionKeepAlive() {
    return connectionKeepAlive;
  }

  boolean connectionUpgrade() {
    return connectionUpgrade;
  }

  /** Whether {@code Connection} names anything besides {@code close} or {@code keep-alive}. */
  boolean nominates() {
    return nominates;
  }
}
