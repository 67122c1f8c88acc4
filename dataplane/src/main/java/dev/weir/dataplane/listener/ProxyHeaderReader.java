package dev.weir.dataplane.listener;

import dev.weir.dataplane.http.IpAddress;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads PROXY headers of version 1 and 2 (proxy-protocol.txt 2.1 and 2.2) exactly as the document
 * writes them: a peer that bends them is not one to be believed about clients. Reads by offsets and
 * changes nothing, so that it can be asked again when more bytes are there; what it says of some
 * bytes never depends on how they came.
 */
final class ProxyHeaderReader {
  /** More bytes are needed. */
  static final int MORE = 0;

  /** Whatever follows, it is no header. */
  static final int NONE = -1;

  /** The longest line of version 1, line end included. */
  private static final int MAX_LINE = 107;

  private static final byte[] TEXT = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BINARY = {
    '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
  };

  private static final int BINARY_HEAD = 16;
  private static final int V4_ADDRESSES = 12;
  private static final int V6_ADDRESSES = 36;
  private static final int UNIX_ADDRESSES = 216;

  /** Version 2 allows 64 KiB of additions; what load balancers send is a few hundred bytes. */
  private static final int MAX_BINARY_REST = UNIX_ADDRESSES + 4096;

  private static final int VERSION_2 = 0x20;
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;
  private static final int UNSPECIFIED = 0x00;
  private static final int TCP_V4 = 0x11;
  private static final int TCP_V6 = 0x21;
  private static final int UNIX_STREAM = 0x31;

  private ProxyHeaderReader() {}

  /** Length of the header that the readable bytes begin with, or {@link #MORE} or {@link #NONE}. */
  static int length(ByteBuf in) {
    if (!in.isReadable()) {
      return MORE;
    }
    boolean text = in.getByte(in.readerIndex()) == TEXT[0];
    var start = text ? TEXT : BINARY;
    int there = Math.min(in.readableBytes(), start.length);
    for (int i = 0; i < there; i++) {
      if (in.getByte(in.readerIndex() + i) != start[i]) {
        return NONE;
      }
    }
    return text ? lineLength(in) : binaryLength(in);
  }

  private static int lineLength(ByteBuf in) {
    int from = in.readerIndex();
    int to = from + Math.min(in.readableBytes(), MAX_LINE);
    for (int i = from; i < to - 1; i++) {
      if (in.getByte(i) == '\r' && in.getByte(i + 1) == '\n') {
        return i + 2 - from;
      }
    }
    return to - from < MAX_LINE ? MORE : NONE;
  }

  private static int binaryLength(ByteBuf in) {
    if (in.readableBytes() < BINARY_HEAD) {
      return MORE;
    }
    int from = in.readerIndex();
    int rest = in.getUnsignedShort(from + 14);
    if ((in.getByte(from + 12) & 0xf0) != VERSION_2 || rest > MAX_BINARY_REST) {
      return NONE;
    }
    return in.readableBytes() < BINARY_HEAD + rest ? MORE : BINARY_HEAD + rest;
  }

  /**
   * What a header says; null if it is malformed.
   *
   * @param length of the header, from {@link #length}
   */
  static @Nullable ProxyHeader read(ByteBuf in, int length) {
    int from = in.readerIndex();
    return in.getByte(from) == TEXT[0]
        ? readLine(in.toString(from, length - 2, StandardCharsets.ISO_8859_1))
        : readBinary(in, from, length - BINARY_HEAD);
  }

  private static @Nullable ProxyHeader readLine(String line) {
    if (line.equals("PROXY UNKNOWN") || line.startsWith("PROXY UNKNOWN ")) {
      return ProxyHeader.SILENT;
    }
    var parts = line.split(" ", -1);
    if (parts.length != 6) {
      return null;
    }
    boolean v4 = parts[1].equals("TCP4");
    if (!v4 && !parts[1].equals("TCP6")) {
      return null;
    }
    var client = address(parts[2], v4);
    var connectedTo = address(parts[3], v4);
    int port = port(parts[5]);
    return client == null || connectedTo == null || port(parts[4]) < 0 || port < 0
        ? null
        : new ProxyHeader(client, port);
  }

  private static @Nullable IpAddress address(String text, boolean v4) {
    return text.indexOf(':') < 0 == v4 ? IpAddress.parse(text) : null;
  }

  /** A decimal number without sign or leading zeros; -1 if it is none. */
  private static int port(String text) {
    if (text.isEmpty() || text.length() > 5 || (text.length() > 1 && text.charAt(0) == '0')) {
      return -1;
    }
    int port = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      port = port * 10 + (c - '0');
    }
    return port > 0xffff ? -1 : port;
  }

  private static @Nullable ProxyHeader readBinary(ByteBuf in, int from, int rest) {
    int command = in.getUnsignedByte(from + 12);
    if (command == LOCAL) {
      return ProxyHeader.SILENT;
    }
    if (command != PROXY) {
      return null;
    }
    int family = in.getUnsignedByte(from + 13);
    int addresses =
        switch (family) {
          case UNSPECIFIED -> 0;
          case TCP_V4 -> V4_ADDRESSES;
          case TCP_V6 -> V6_ADDRESSES;
          case UNIX_STREAM -> UNIX_ADDRESSES;
          default -> -1;
        };
    int at = from + BINARY_HEAD;
    if (addresses < 0 || !additionsFill(in, at + addresses, at + rest)) {
      return null;
    }
    return switch (family) {
      case TCP_V4 -> new ProxyHeader(IpAddress.ofV4(in.getInt(at)), in.getUnsignedShort(at + 10));
      case TCP_V6 ->
          new ProxyHeader(
              new IpAddress(in.getLong(at), in.getLong(at + 8)), in.getUnsignedShort(at + 34));
      default -> ProxyHeader.SILENT;
    };
  }

  /**
   * Whether additions (type, length, value) begin and end at these places; what is in them is not
   * read.
   */
  private static boolean additionsFill(ByteBuf in, int from, int to) {
    int at = from;
    while (at + 3 <= to) {
      at += 3 + in.getUnsignedShort(at + 1);
    }
    return at == to;
  }
}
