package dev.weir.e2e.backend;

import dev.weir.e2e.wire.Head;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** What a backend does with a request. Called on the connection's thread. */
@FunctionalInterface
public interface Script {
  /** Answers, or misbehaves. What is left of the body is read and dropped afterwards. */
  void serve(Call call) throws IOException, InterruptedException;

  /** Says who it is and sends back the request, byte for byte. */
  static Script echo() {
    return new Echo();
  }

  /** Answers always the same bytes. */
  static Script saying(String reply) {
    return call -> call.write(reply);
  }

  /**
   * A request and the connection that it came on.
   *
   * @param body decoded; read by the script as it likes
   */
  record Call(Backend backend, Head head, InputStream body, Socket socket) {
    /** Sends text as ISO 8859-1. */
    public void write(String text) throws IOException {
      write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes. */
    public void write(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    /** Closes the connection if nothing comes for so long; by a reset if so wished. */
    public void closeWhenIdle(int millis, boolean reset) throws IOException {
      socket.setSoTimeout(millis);
      if (reset) {
        socket.setSoLinger(true, 0);
      }
    }

    /** Closes the connection in an orderly way. */
    public void close() throws IOException {
      socket.close();
    }

    /** Closes the connection with a reset. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
