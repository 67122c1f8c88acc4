package dev.weir.e2e.garden;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Node, a process of its own that prints its port and then every request that it saw. */
final class NodeServer implements RealServer {
  static final Path PROGRAM = Path.of("/usr/bin/node");
  private static final String SCRIPT =
      """
      const http = require('http');
      let count = 0;
      const table = [...Array(256).keys()].map(n => {
        for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
        return n >>> 0;
      });
      const crc = bytes => {
        let c = 0xffffffff;
        for (const b of bytes) c = table[(c ^ b) & 255] ^ (c >>> 8);
        return ((c ^ 0xffffffff) >>> 0).toString(16);
      };
      const server = http.createServer((request, response) => {
        const pieces = [];
        request.on('data', piece => pieces.push(piece));
        request.on('end', () => {
          const body = Buffer.concat(pieces);
          const seen = [++count, request.method, request.url,
            body.length + '/' + crc(body), request.headers['x-marker'] || ''].join(' :: ');
          process.stdout.write(seen + '\\n');
          response.setHeader('X-Seen', seen);
          response.end('node\\n');
        });
      });
      server.keepAliveTimeout = 60000;
      server.listen(0, '127.0.0.1', () => process.stdout.write(server.address().port + '\\n'));
      process.stdin.on('end', () => process.exit(0)).resume();
      """;

  private final Path script;
  private final Process process;
  private final int port;
  private final List<Seen> seen = new ArrayList<>();

  NodeServer() throws IOException {
    script = Files.createTempFile("weir-garden-", ".js");
    Files.writeString(script, SCRIPT);
    process =
        new ProcessBuilder(PROGRAM.toString(), script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1));
    port = Integer.parseInt(output.readLine());
    Thread.ofVirtual().start(() -> follow(output));
  }

  private void follow(BufferedReader output) {
    output
        .lines()
        .forEach(
            line -> {
              synchronized (seen) {
                seen.add(Seen.parse(line));
              }
            });
  }

  @Override
  public String name() {
    return "node";
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public List<Seen> seen() {
    synchronized (seen) {
      return List.copyOf(seen);
    }
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      process.waitFor();
      Files.delete(script);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
