package dev.weir.testsupport.http2;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;

/**
 * What a client sends on a connection, and what must become of it.
 *
 * @param name file, row and name
 * @param opened whether preface and SETTINGS go before the input
 * @param input frame for frame
 * @param streams what becomes of each stream, as {@code 200}, {@code reset PROTOCOL_ERROR} or
 *     {@code open}
 * @param end why the connection ends, as {@code PROTOCOL_ERROR}; {@code closed} if that isn't said,
 *     {@code waiting} if more has to come, empty if it goes on
 * @param begun whether a request that isn't complete may have gone upstream
 * @param logged lines of the access log
 * @param output bytes that go upstream, without framing of bodies
 */
public record FrameCase(
    String name,
    boolean opened,
    List<Step> input,
    Map<Integer, String> streams,
    String end,
    boolean begun,
    int logged,
    String output) {
  /** The host that every case asks for. */
  public static final String HOST = "shop.example.com";

  /** Something that a client does. */
  public sealed interface Step {
    /** Sends bytes: a frame, if all is well. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Send(byte[] bytes) implements Step {}

    /** Waits for the end of a stream. */
    record Await(int stream) implements Step {}
  }

  /** All bytes that are sent. */
  public byte[] bytes() {
    var bytes = new ByteArrayOutputStream();
    if (opened) {
      bytes.writeBytes(Frame.preface());
      bytes.writeBytes(Frame.settings().bytes());
    }
    for (var step : input) {
      if (step instanceof Step.Send send) {
        bytes.writeBytes(send.bytes());
      }
    }
    return bytes.toByteArray();
  }

  /** Whether the server says why it ends the connection. */
  public boolean saysWhy() {
    return !end.isEmpty() && Character.isUpperCase(end.charAt(0));
  }

  /** Whether more has to come. */
  public boolean waits() {
    return end.equals("waiting");
  }

  /** Whether the connection serves another request. */
  public boolean goesOn() {
    return end.isEmpty();
  }

  @Override
  public String toString() {
    return name;
  }
}
