package dev.weir.e2e.garden;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.AbstractHandler;

/** Jetty. */
final class JettyServer implements RealServer {
  private final Journal journal = new Journal();
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server, 1, 1);

  JettyServer() throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new Answer());
    server.start();
  }

  private final class Answer extends AbstractHandler {
    @Override
    public void handle(
        String path, Request request, HttpServletRequest same, HttpServletResponse response)
        throws IOException {
      var body = Journal.read(request.getInputStream());
      var seen =
          journal.note(
              request.getMethod(),
              request.getHttpURI().getPathQuery(),
              body,
              request.getHeader("X-Marker"));
      response.setHeader(Seen.FIELD, seen.text());
      response.getWriter().write("jetty\n");
      request.setHandled(true);
    }
  }

  @Override
  public String name() {
    return "jetty";
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public List<Seen> seen() {
    return journal.all();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("Jetty does not stop", e);
    }
  }
}
