package dev.weir.controller.cli;

import dev.weir.controller.admin.LocalDoor;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;

/**
 * The program that runs on this machine under this user, asked through its {@link LocalDoor}.
 *
 * @param pid of the process
 */
record RunningProgram(long pid, Path door) {
  /** On Linux; its owner is the user whom this process runs under. */
  private static final Path OURSELVES = Path.of("/proc/self");

  /**
   * What it answered.
   *
   * @param understood whether it knew the command
   */
  record Answer(boolean understood, String text) {}

  /**
   * Finds it.
   *
   * @param folder for temporary files
   * @param pid of the one that is meant; 0 if there is only one
   * @throws StartException if there is none, or if it isn't clear which one is meant
   */
  static RunningProgram find(Path folder, long pid) throws StartException {
    var found = new ArrayList<RunningProgram>();
    try (DirectoryStream<Path> doors =
        Files.newDirectoryStream(folder, LocalDoor.FOLDER + "[0-9]*-*")) {
      for (var door : doors) {
        var program = new RunningProgram(pidOf(door), door.resolve(LocalDoor.SOCKET));
        if ((pid == 0 || pid == program.pid) && ours(door) && program.answers()) {
          found.add(program);
        }
      }
    } catch (IOException e) {
      throw new StartException(folder + " can't be read: " + e.getMessage());
    }
    if (found.isEmpty()) {
      throw new StartException(
          "no weir runs here under this user" + (pid == 0 ? "" : " as process " + pid));
    }
    if (found.size() > 1) {
      throw new StartException(
          "several run here, choose one with --pid: "
              + found.stream().map(RunningProgram::pid).sorted().toList());
    }
    return found.getFirst();
  }

  private static long pidOf(Path door) {
    var name = door.getFileName().toString().substring(LocalDoor.FOLDER.length());
    try {
      return Long.parseLong(name.substring(0, name.indexOf('-')));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** In a folder for everybody's files, somebody else may have made one of that name. */
  private static boolean ours(Path door) {
    try {
      return Files.getOwner(door).equals(me());
    } catch (IOException e) {
      return false;
    }
  }

  /** Not by the user's name: in a container the user may have none. */
  private static UserPrincipal me() throws IOException {
    if (Files.exists(OURSELVES)) {
      return Files.getOwner(OURSELVES);
    }
    var name = ProcessHandle.current().info().user().orElse("");
    return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
  }

  private boolean answers() {
    try (var connection = connect()) {
      return connection.isConnected();
    } catch (IOException e) {
      return false; // left behind by one that was killed
    }
  }

  /** Asks and waits for the answer. */
  Answer ask(List<String> words) throws StartException {
    try (var connection = connect()) {
      return ask(connection, words);
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /**
   * Asks for its end and waits until it has finished what was in flight. The connection is left to
   * end with this process: the program waits for that, because in a container its own end takes
   * everybody with it.
   */
  Answer shutDown() throws StartException {
    try {
      return ask(connect(), List.of(LocalDoor.SHUTDOWN));
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private StartException lost(IOException e) {
    return new StartException("process " + pid + " does not answer: " + e.getMessage());
  }

  private SocketChannel connect() throws IOException {
    var connection = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      connection.connect(UnixDomainSocketAddress.of(door));
      return connection;
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  private static Answer ask(SocketChannel connection, List<String> words) throws IOException {
    var line = ByteBuffer.wrap((String.join("\t", words) + "\n").getBytes(StandardCharsets.UTF_8));
    while (line.hasRemaining()) {
      connection.write(line);
    }
    var reply =
        new String(Channels.newInputStream(connection).readAllBytes(), StandardCharsets.UTF_8);
    if (reply.length() < 2) {
      throw new IOException("it has closed the connection");
    }
    return new Answer(reply.charAt(0) == '0', reply.substring(2));
  }
}
