package dev.weir.controller.admin;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door for commands on this machine, {@code /dbg} and {@code /wait-shutdown}: a Unix socket in
 * a folder that only this process's user may enter, since some answers hold private keys. No
 * network leads to it. A line of words comes in; what goes out is {@code 0} or {@code 1}, whether
 * the words were understood, in a line of its own, and a text.
 *
 * <p>May be used by any thread.
 */
public final class LocalDoor implements AutoCloseable {
  /** Begins the folder's name; the process id follows. */
  public static final String FOLDER = "weir-door-";

  /** The socket in the folder. */
  public static final String SOCKET = "door";

  /** The word that asks for the end, and is answered when what was in flight is finished. */
  public static final String SHUTDOWN = "shutdown";

  private static final Logger LOG = LoggerFactory.getLogger(LocalDoor.class);
  private static final int LONGEST_LINE = 8192;
  private static final int AT_ONCE = 8;
  private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

  private final Path folder;
  private final ServerSocketChannel server;
  private final DebugCommands commands;
  private final Runnable shutdown;
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final CompletableFuture<String> drained = new CompletableFuture<>();
  private final Map<SocketChannel, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();

  private LocalDoor(
      Path folder, ServerSocketChannel server, DebugCommands commands, Runnable shutdown) {
    this.folder = folder;
    this.server = server;
    this.commands = commands;
    this.shutdown = shutdown;
  }

  /**
   * Opens the door.
   *
   * @param parent where the folder is made: the one for temporary files
   * @param shutdown asks for the end of the program; must not wait
   * @throws IOException if there can't be such a folder or socket
   */
  public static LocalDoor open(Path parent, DebugCommands commands, Runnable shutdown)
      throws IOException {
    var prefix = FOLDER + ProcessHandle.current().pid() + "-";
    removeOld(parent, prefix);
    var folder =
        Files.createTempDirectory(
            parent,
            prefix,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(folder.resolve(SOCKET)));
    } catch (IOException | RuntimeException e) {
      server.close();
      Files.delete(folder);
      throw e;
    }
    var door = new LocalDoor(folder, server, commands, shutdown);
    Thread.ofVirtual().name("weir-door").start(door::accept);
    return door;
  }

  /** In a container every start has the same process id, and the folder may outlive it. */
  private static void removeOld(Path parent, String prefix) throws IOException {
    try (DirectoryStream<Path> old = Files.newDirectoryStream(parent, prefix + "*")) {
      for (var left : old) {
        try {
          if (!answers(left)) {
            Files.deleteIfExists(left.resolve(SOCKET));
            Files.deleteIfExists(left);
          }
        } catch (IOException e) {
          LOG.debug("{} can't be removed", left, e);
        }
      }
    }
  }

  private static boolean answers(Path door) {
    try (var client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return client.connect(UnixDomainSocketAddress.of(door.resolve(SOCKET)));
    } catch (IOException e) {
      return false;
    }
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /**
   * What was in flight is finished: tells whoever asked for the end, and waits until they are gone,
   * so that they end before this process does, which may take them with it.
   */
  public void sayDrained(Duration longest) throws InterruptedException {
    drained.complete("drained\n");
    try {
      CompletableFuture.allOf(waiting.values().toArray(CompletableFuture[]::new))
          .get(longest.toNanos(), NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.debug("whoever waited for the end stays", e);
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        var client = server.accept();
        if (room.tryAcquire()) {
          Thread.ofVirtual().name("weir-door-client").start(() -> serve(client));
        } else {
          client.close();
        }
      } catch (IOException e) {
        LOG.debug("nobody can be let in at the local door", e);
        // Without a descriptor left, accepting fails at once, and again.
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private void serve(SocketChannel client) {
    try (client) {
      var words = List.of(line(client).split("\t", -1));
      if (words.equals(List.of(SHUTDOWN))) {
        awaitEnd(client);
      } else {
        write(client, commands.answer(words));
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("a command at the local door failed", e);
    } finally {
      room.release();
    }
  }

  private void awaitEnd(SocketChannel client) throws IOException {
    var gone = new CompletableFuture<Void>();
    waiting.put(client, gone);
    try {
      shutdown.run();
      write(client, new DebugCommands.Answer(true, drained.join()));
      while (client.read(ByteBuffer.allocate(1)) >= 0) {
        // Whoever waits says nothing any more and closes by ending.
      }
    } finally {
      gone.complete(null);
      waiting.remove(client);
    }
  }

  private static String line(SocketChannel client) throws IOException {
    var in = Channels.newInputStream(client);
    var line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (line.size() == LONGEST_LINE) {
        throw new IOException("the line is too long");
      }
      line.write(c);
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  private static void write(SocketChannel client, DebugCommands.Answer answer) throws IOException {
    var text = (answer.understood() ? "0\n" : "1\n") + answer.text();
    var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      client.write(bytes);
    }
    client.shutdownOutput();
  }

  @Override
  public void close() {
    drained.complete("ended\n");
    try {
      server.close();
      Files.deleteIfExists(folder.resolve(SOCKET));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      LOG.debug("{} can't be removed", folder, e);
    }
  }
}
