package dev.weir.e2e.garden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A server of a Debian package that answers everything with 200 and logs each {@link Seen#FIELD}
 * that it sent. It can't tell bodies.
 */
final class PackagedServer implements RealServer {
  /** Both pass requests on to themselves, because only that has them read a body to its end. */
  private static final String NGINX =
      """
      daemon off;
      master_process off;
      pid nginx.pid;
      error_log error.log;
      events { worker_connections 512; }
      http {
        log_format seen escape=none '$sent_http_x_seen';
        access_log seen.log seen;
        client_body_temp_path tmp1; proxy_temp_path tmp2; fastcgi_temp_path tmp3;
        uwsgi_temp_path tmp4; scgi_temp_path tmp5;
        server {
          listen 127.0.0.1:%1$d;
          add_header X-Seen "$request_id :: $request_method :: $request_uri :: - :: $http_x_marker";
          location / { proxy_pass http://127.0.0.1:%2$d; }
        }
        server {
          listen 127.0.0.1:%2$d;
          access_log off;
          location / { return 200 "nginx\n"; }
        }
      }
      """;

  private static final String APACHE =
      """
      Listen 127.0.0.1:%1$d
      Listen 127.0.0.1:%2$d
      ServerName garden.test
      PidFile apache.pid
      ErrorLog error.log
      Define m /usr/lib/apache2/modules
      LoadModule mpm_event_module ${m}/mod_mpm_event.so
      LoadModule authz_core_module ${m}/mod_authz_core.so
      LoadModule env_module ${m}/mod_env.so
      LoadModule headers_module ${m}/mod_headers.so
      LoadModule rewrite_module ${m}/mod_rewrite.so
      LoadModule unique_id_module ${m}/mod_unique_id.so
      LoadModule proxy_module ${m}/mod_proxy.so
      LoadModule proxy_http_module ${m}/mod_proxy_http.so
      LogFormat "%%{X-Seen}o" seen
      <VirtualHost 127.0.0.1:%1$d>
        AllowEncodedSlashes NoDecode
        SetEnv proxy-sendcl 1
        ProxyPass / http://127.0.0.1:%2$d/ nocanon
        Header always set X-Seen \
          "expr=%%{env:UNIQUE_ID} :: %%{REQUEST_METHOD} :: %%{THE_REQUEST} :: - :: %%{req:X-Marker}" \
          "expr=%%{REQUEST_STATUS} -eq 200"
        CustomLog seen.log seen
      </VirtualHost>
      <VirtualHost 127.0.0.1:%2$d>
        AllowEncodedSlashes NoDecode
        RewriteEngine on
        RewriteRule ^ - [R=200,L]
      </VirtualHost>
      """;

  private final String name;
  private final Path folder;
  private final int port;
  private final Process process;

  private PackagedServer(String name, String config, List<String> command) throws IOException {
    this.name = name;
    folder = Files.createTempDirectory("weir-garden-");
    var local = InetAddress.getLoopbackAddress();
    try (var one = new ServerSocket(0, 1, local);
        var other = new ServerSocket(0, 1, local)) {
      port = one.getLocalPort();
      Files.writeString(
          folder.resolve("server.conf"), config.formatted(port, other.getLocalPort()));
    }
    process = new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start();
    awaitPort();
  }

  /** nginx, if it is installed. */
  static Optional<RealServer> nginx() throws IOException {
    return packaged("nginx", NGINX, "-p", ".", "-c", "server.conf", "-e", "error.log");
  }

  /** Apache, if it is installed. */
  static Optional<RealServer> apache() throws IOException {
    return packaged("apache2", APACHE, "-d", ".", "-f", "server.conf", "-D", "FOREGROUND");
  }

  private static Optional<RealServer> packaged(String name, String config, String... options)
      throws IOException {
    var program = Path.of("/usr/sbin", name);
    if (!Files.isExecutable(program)) {
      return Optional.empty();
    }
    var command = Stream.concat(Stream.of(program.toString()), Stream.of(options)).toList();
    return Optional.of(new PackagedServer(name, config, command));
  }

  private void awaitPort() {
    while (process.isAlive()) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        Thread.onSpinWait();
      }
    }
    throw new IllegalStateException(name + " does not start; see " + folder);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public List<Seen> seen() {
    try {
      return Files.readAllLines(folder.resolve("seen.log"), StandardCharsets.ISO_8859_1).stream()
          .filter(line -> line.contains(Seen.BETWEEN))
          .map(Seen::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
      try (var files = Files.walk(folder)) {
        for (var file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
