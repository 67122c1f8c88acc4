package dev.weir.e2e.garden;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;

/** Tomcat's connector, which is all of Tomcat that reads requests. */
final class TomcatServer implements RealServer {
  private final Journal journal = new Journal();
  private final Http11NioProtocol protocol = new Http11NioProtocol();

  TomcatServer() throws Exception {
    protocol.setAddress(InetAddress.getLoopbackAddress());
    protocol.setPort(0);
    protocol.setMaxThreads(4);
    protocol.setMinSpareThreads(1);
    protocol.setAdapter(new Answer());
    protocol.init();
    protocol.start();
  }

  /** Answers; a request whose body can't be read is not noted. */
  private final class Answer implements Adapter {
    @Override
    public void service(Request request, Response response) throws Exception {
      var body = body(request);
      var query = request.queryString();
      var seen =
          journal.note(
              request.method().toString(),
              request.requestURI() + (query.isNull() ? "" : "?" + query),
              body,
              request.getHeader("X-Marker"));
      response.setStatus(200);
      response.addHeader(Seen.FIELD, seen.text());
      var text = "tomcat\n".getBytes(StandardCharsets.US_ASCII);
      response.setContentLength(text.length);
      response.doWrite(ByteBuffer.wrap(text));
      response.action(ActionCode.CLOSE, null);
    }

    @Override
    public boolean prepare(Request request, Response response) {
      return true;
    }

    @Override
    public boolean asyncDispatch(Request request, Response response, SocketEvent event) {
      return false;
    }

    @Override
    public void log(Request request, Response response, long time) {}

    @Override
    public void checkRecycled(Request request, Response response) {}

    @Override
    public String getDomain() {
      return "garden";
    }
  }

  private static byte[] body(Request request) throws Exception {
    var bytes = new ByteArrayOutputStream();
    var piece = new Piece();
    while (request.doRead(piece) >= 0) {
      var data = new byte[piece.buffer.remaining()];
      piece.buffer.get(data);
      bytes.write(data);
    }
    return bytes.toByteArray();
  }

  private static final class Piece implements ApplicationBufferHandler {
    private ByteBuffer buffer = ByteBuffer.allocate(0);

    @Override
    public void setByteBuffer(ByteBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public ByteBuffer getByteBuffer() {
      return buffer;
    }

    @Override
    public void expand(int size) {}
  }

  @Override
  public String name() {
    return "tomcat";
  }

  @Override
  public int port() {
    return protocol.getLocalPort();
  }

  @Override
  public List<Seen> seen() {
    return journal.all();
  }

  @Override
  public void close() {
    try {
      protocol.stop();
      protocol.destroy();
    } catch (Exception e) {
      throw new IllegalStateException("Tomcat does not stop", e);
    }
  }
}
