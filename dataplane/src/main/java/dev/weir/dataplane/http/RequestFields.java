package dev.weir.dataplane.http;

import static io.netty.util.AsciiString.contentEqualsIgnoreCase;

import org.jspecify.annotations.Nullable;

/** What {@link RequestValidator} needs of the fields, gathered in one pass over them. */
final class RequestFields implements Fields.Visitor, Tokens.Visitor {
  private int hosts;
  private int contentLengths;
  private int transferEncodings;
  private int authorizations;
  private int contentTypes;
  private int forwardedProtos;
  private String host = "";
  private String contentLength = "";
  private String transferEncoding = "";
  private String upgrade = "";
  private boolean oldWebSocket;
  private boolean expectsContinue;
  private boolean unknownExpectation;
  private boolean connectionClose;
  private boolean connectionKeepAlive;
  private boolean connectionUpgrade;
  private @Nullable String nominated;

  void clear() {
    hosts = contentLengths = transferEncodings = 0;
    authorizations = contentTypes = forwardedProtos = 0;
    host = contentLength = transferEncoding = upgrade = "";
    oldWebSocket = expectsContinue = unknownExpectation = false;
    connectionClose = connectionKeepAlive = connectionUpgrade = false;
    nominated = null;
  }

  @Override
  public void field(CharSequence name, CharSequence value) {
    switch (name.length()) {
      case 4 -> {
        if (contentEqualsIgnoreCase(name, "host")) {
          hosts++;
          host = value.toString();
        }
      }
      case 6 -> {
        if (contentEqualsIgnoreCase(name, "expect")) {
          expect(value);
        }
      }
      case 7 -> {
        if (contentEqualsIgnoreCase(name, "upgrade")) {
          upgrade = upgrade.isEmpty() ? value.toString() : upgrade + ", " + value;
        }
      }
      case 10 -> {
        if (contentEqualsIgnoreCase(name, "connection")) {
          connection(value);
        }
      }
      case 12 -> {
        if (contentEqualsIgnoreCase(name, "content-type")) {
          contentTypes++;
        }
      }
      case 13 -> {
        if (contentEqualsIgnoreCase(name, "authorization")) {
          authorizations++;
        }
      }
      case 14 -> {
        if (contentEqualsIgnoreCase(name, "content-length")) {
          contentLengths++;
          contentLength = value.toString();
        }
      }
      case 17 -> longField(name, value);
      case 18 -> {
        if (contentEqualsIgnoreCase(name, "sec-websocket-key1")
            || contentEqualsIgnoreCase(name, "sec-websocket-key2")) {
          oldWebSocket = true;
        }
      }
      default -> {}
    }
  }

  private void longField(CharSequence name, CharSequence value) {
    if (contentEqualsIgnoreCase(name, "transfer-encoding")) {
      transferEncodings++;
      transferEncoding = value.toString();
    } else if (contentEqualsIgnoreCase(name, "x-forwarded-proto")) {
      forwardedProtos++;
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

  String host() {
    return host;
  }

  String contentLength() {
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
}
