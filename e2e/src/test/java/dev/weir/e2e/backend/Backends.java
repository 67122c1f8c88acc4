package dev.weir.e2e.backend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Backends that share a port number, as the pods of a Service do: each has an address of its own in
 * 127.0.0.0/8.
 */
public final class Backends implements AutoCloseable {
  private final List<Backend> all = new ArrayList<>();
  private final int network = ThreadLocalRandom.current().nextInt(2, 250);
  private int hosts;
  private int port;

  /** One more that sends back what it received. */
  public Backend echo(String name) {
    return scripted(name, Script.echo());
  }

  /** One more. */
  public Backend scripted(String name, Script script) {
    return scripted(name, script, null);
  }

  /**
   * One more.
   *
   * @param security null for one that speaks plain HTTP
   */
  public Backend scripted(String name, Script script, @Nullable Security security) {
    try {
      var backend = Backend.listen(name, script, security, freeAddress(), port);
      port = backend.port();
      all.add(backend);
      return backend;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An address of the same kind at which nothing listens: connections are refused. */
  public String freeAddress() {
    hosts++;
    return "127." + network + "." + hosts / 250 + "." + (hosts % 250 + 1);
  }

  /** The port of all. */
  public int port() {
    return port;
  }

  /** The addresses of all, in the order in which they were made. */
  public List<String> addresses() {
    return all.stream().map(Backend::address).toList();
  }

  /** All, in the order in which they were made. */
  public List<Backend> all() {
    return List.copyOf(all);
  }

  @Override
  public void close() {
    all.forEach(Backend::close);
  }
}
