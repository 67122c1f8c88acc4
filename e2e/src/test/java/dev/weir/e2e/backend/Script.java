package dev.weir.e2e.backend;

import dev.weir.e2e.wire.Head;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;

/** What a backend does with a request. Called on the connection's thread. */
@FunctionalInterface
public interface Script {
  /** Answers, or misbehaves. What is left of the body is read and dropped afterwards. */
  void serve(Call call) throws IOException, InterruptedException;

  /** Says who it is and sends back the request, byte for byte. */
  static Script echo() {
    return new Echo();
  }

  /** Takes a body, however long and slow it is, keeps none of it, and says then that it is here. */
  static Script forgetting() {
    return call -> {
      call.body().transferTo(OutputStream.nullOutputStream());
      call.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    };
  }

  /** Answers always the same bytes. */
  static Script saying(String reply) {
    return call -> call.write(reply);
  }

  /**
   * A request and the connection that it came on.
   *
   * @param body decoded; read by the script as it likes
   * @param socket speaks TLS if the backend does
   * @param wire what that stands on; the same without TLS
   */
  record Call(Backend backend, Head head, InputStream body, Socket socket, Socket wire) {
    /** {@code X-Tls: ...} as a line of a head; empty without TLS. */
    public String tlsField() {
      return socket instanceof SSLSocket tls ? "X-Tls: " + Security.text(tls) + "\r\n" : "";
    }

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

    /** Closes the connection without a word of TLS, as anybody on the way could. */
    public void cut() throws IOException {
      wire.close();
    }

    /** Closes the connection with a reset. */
    public void reset() throws IOException {
      wire.setSoLinger(true, 0);
      wire.close();
    }
  }
}
