package dev.weir.e2e.garden;

import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.net.InetSocketAddress;
import java.util.List;

/** Undertow. */
final class UndertowServer implements RealServer {
  private final Journal journal = new Journal();
  private final Undertow server =
      Undertow.builder()
          .addHttpListener(0, "127.0.0.1")
          .setIoThreads(1)
          .setWorkerThreads(4)
          .setHandler(exchange -> exchange.getRequestReceiver().receiveFullBytes(this::answer))
          .build();

  UndertowServer() {
    server.start();
  }

  private void answer(HttpServerExchange exchange, byte[] body) {
    var query = exchange.getQueryString();
    var seen =
        journal.note(
            exchange.getRequestMethod().toString(),
            exchange.getRequestURI() + (query.isEmpty() ? "" : "?" + query),
            body,
            exchange.getRequestHeaders().getFirst("X-Marker"));
    exchange.getResponseHeaders().put(new HttpString(Seen.FIELD), seen.text());
    exchange.getResponseSender().send("undertow\n");
  }

  @Override
  public String name() {
    return "undertow";
  }

  @Override
  public int port() {
    return ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort();
  }

  @Override
  public List<Seen> seen() {
    return journal.all();
  }

  @Override
  public void close() {
    server.stop();
  }
}
