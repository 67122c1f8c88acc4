package dev.weir.controller.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The servers behind the demo's Services: each answers any request with what it received, as JSON.
 * They listen on 127.0.0.1.
 */
final class EchoBackends implements AutoCloseable {
  /** As the EndpointSlices of {@code manifests/demo} name them. */
  static final List<Integer> DEMO_PORTS = List.of(9001, 9002, 9003);

  private static final JsonFactory JSON = new JsonFactory();

  private final List<HttpServer> servers = new ArrayList<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("weir-echo-", 0).factory());

  private EchoBackends() {}

  /**
   * Starts a backend on each port; the first one is called {@code echo-1}.
   *
   * @throws StartException if a port is in use
   */
  static EchoBackends start(List<Integer> ports) throws StartException {
    var backends = new EchoBackends();
    for (int port : ports) {
      try {
        backends.add(port);
      } catch (IOException e) {
        backends.close();
        throw new StartException(
            "the demo's backend can't listen on 127.0.0.1:"
                + port
                + ": "
                + e.getMessage()
                + "; end the program that uses this port, for example another demo");
      }
    }
    return backends;
  }

  /** Where they listen, in order. */
  List<InetSocketAddress> addresses() {
    return servers.stream().map(HttpServer::getAddress).toList();
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
    threads.shutdownNow();
  }

  private void add(int port) throws IOException {
    var name = "echo-" + (servers.size() + 1);
    var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    var server = HttpServer.create(new InetSocketAddress(loopback, port), 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(name, exchange));
    server.start();
    servers.add(server);
  }

  private static void answer(String name, HttpExchange exchange) throws IOException {
    try (exchange) {
      long received = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
      var body = describe(name, exchange, received);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static byte[] describe(String name, HttpExchange exchange, long bodyBytes)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var json = JSON.createGenerator(bytes).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeStringField("backend", name);
      json.writeNumberField("port", exchange.getLocalAddress().getPort());
      json.writeStringField("method", exchange.getRequestMethod());
      json.writeStringField("path", exchange.getRequestURI().toString());
      json.writeNumberField("bodyBytes", bodyBytes);
      json.writeObjectFieldStart("headers");
      for (var header : exchange.getRequestHeaders().entrySet()) {
        json.writeStringField(header.getKey(), String.join(", ", header.getValue()));
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }
}
