package dev.weir.e2e.harness;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.weir.e2e.wire.Reply;
import dev.weir.e2e.wire.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * The built program, running. Netty's leak detection is at its strictest; once it serves, a call
 * that blocks an event loop is an error. Closing asks it to end, and fails the test unless it ends
 * with 0 and printed neither a leak nor an unexpected error.
 */
public final class WeirProcess implements AutoCloseable {
  private static final Pattern LISTENING =
      Pattern.compile("listening (?:admin|http|https) (.+):(\\d+)$");

  /** Others may keep the machine busy. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** To start takes seconds of a CPU of which there may be a small part. */
  private static final Duration START = Duration.ofMinutes(3);

  private final Process process;
  private final ProgramLog log = new ProgramLog();
  private final Thread reader;
  private volatile CountDownLatch mayRead = new CountDownLatch(0);
  private boolean ending;

  /** Which variables of the environment are passed on. */
  public enum Environment {
    /** All. */
    WHOLE,
    /** None of those that tell the program of a cluster. */
    NO_CLUSTER
  }

  private WeirProcess(List<String> command, Environment environment) {
    try {
      var builder = new ProcessBuilder(heedingCtrlC(command)).redirectErrorStream(true);
      if (environment == Environment.NO_CLUSTER) {
        builder.environment().keySet().removeIf(WeirProcess::isOfACluster);
      }
      process = builder.start();
      // A test that failed to close it must not leave it behind.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader = Thread.ofVirtual().start(this::readOutput);
  }

  /** Shells start what runs in the background with SIGINT ignored, and children inherit that. */
  private static List<String> heedingCtrlC(List<String> command) {
    var prefixed = new ArrayList<>(List.of("env", "--default-signal=INT"));
    prefixed.addAll(command);
    return prefixed;
  }

  private static boolean isOfACluster(String variable) {
    return variable.startsWith("KUBE")
        || variable.startsWith("POD_")
        || variable.startsWith("WEIR_");
  }

  /** The command line of the built program; arguments are added to it. */
  public static List<String> command(List<String> jvmOptions) {
    var home = home();
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + home.resolve("jvm.options"));
    command.add("-Dio.netty.leakDetection.level=paranoid");
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(home.resolve("lib") + "/*");
    command.add("dev.weir.controller.cli.Weir");
    return command;
  }

  /** The folder that the build made. */
  public static Path home() {
    return Path.of(System.getProperty("weir.home", "../controller/target/weir")).toAbsolutePath();
  }

  /** Runs the program with these arguments, and waits for nothing. */
  public static WeirProcess launch(String... arguments) {
    return launch(List.of(), arguments);
  }

  /** The same, with further JVM options. */
  public static WeirProcess launch(List<String> jvmOptions, String... arguments) {
    var command = command(jvmOptions);
    command.addAll(List.of(arguments));
    return launchCommand(command);
  }

  /** Runs a command that is the program in some other way. */
  public static WeirProcess launchCommand(List<String> command) {
    return launchCommand(command, Environment.NO_CLUSTER);
  }

  /** The same, with a choice of environment. */
  public static WeirProcess launchCommand(List<String> command, Environment environment) {
    return new WeirProcess(command, environment);
  }

  /** {@code run} on free ports of 127.0.0.1 with further flags, ready. */
  public static WeirProcess run(String... flags) {
    return run(List.of(), flags);
  }

  /** The same, with further JVM options. */
  public static WeirProcess run(List<String> jvmOptions, String... flags) {
    return runUnder(List.of(), jvmOptions, flags);
  }

  /** The same, as the arguments of another command, which ends by becoming the program. */
  public static WeirProcess runUnder(
      List<String> wrapper, List<String> jvmOptions, String... flags) {
    var arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--bind-address=127.0.0.1",
                "--http-port=0",
                "--https-port=0",
                "--healthz-host=127.0.0.1",
                "--healthz-port=0"));
    arguments.addAll(List.of(flags));
    var command = command(BlockHoundOptions.with(jvmOptions));
    command.replaceAll(word -> word.endsWith("/lib/*") ? BlockHoundOptions.added(word) : word);
    command.addAll(arguments);
    command.addAll(0, wrapper);
    return launchCommand(command).ready();
  }

  /** Waits until it serves. */
  public WeirProcess ready() {
    try {
      log.await("being ready", START, line -> line.endsWith(": ready"));
      return this;
    } catch (AssertionError e) {
      kill();
      throw e;
    }
  }

  /** Where it serves plain HTTP. */
  public InetSocketAddress http() {
    return listening("http");
  }

  /** Where it serves HTTPS. */
  public InetSocketAddress https() {
    return listening("https");
  }

  /** Where its admin port is. */
  public InetSocketAddress admin() {
    return listening("admin");
  }

  private InetSocketAddress listening(String what) {
    var line = log.await("listening " + what + " ");
    var match = LISTENING.matcher(line);
    if (!match.find()) {
      throw new AssertionError("no address in: " + line);
    }
    return new InetSocketAddress(match.group(1), Integer.parseInt(match.group(2)));
  }

  /** Leaves what it prints where it is, until {@link #readOn}. */
  public void stopReading() {
    mayRead = new CountDownLatch(1);
  }

  /** Reads again what it prints. */
  public void readOn() {
    mayRead.countDown();
  }

  public ProgramLog log() {
    return log;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** A GET over a connection of its own. */
  public Reply get(String host, String target) {
    return get(http(), host, target);
  }

  /** A GET over a TLS connection of its own. */
  public Reply getTls(String host, String target) {
    try (var wire = Wire.tls(https(), host)) {
      return wire.get(host, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A GET on the admin port. */
  public Reply admin(String target) {
    return get(admin(), "admin", target);
  }

  private static Reply get(InetSocketAddress address, String host, String target) {
    try (var wire = Wire.to(address)) {
      return wire.get(host, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the table that serves, as text, fits. */
  public void awaitRoutes(Predicate<String> fits) {
    eventually("routes", () -> admin("/debug/routes").text(), fits);
  }

  /** Waits until a GET is answered by this backend. */
  public void awaitBackend(String host, String target, String backend) {
    awaitReply(host, target, reply -> backend.equals(reply.backend()));
  }

  /** Waits until a GET is answered with this status. */
  public void awaitStatus(String host, String target, int status) {
    awaitReply(host, target, reply -> reply.status() == status);
  }

  /** Waits until the reply to a GET fits. */
  public void awaitReply(String host, String target, Predicate<Reply> fits) {
    eventually(host + target, () -> get(host, target), fits);
  }

  /** Waits until something is as it should be; the failure shows what it was last. */
  public static <T> T eventually(String what, Supplier<T> now, Predicate<T> fits) {
    return Awaitility.await(what)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(now::get, fits);
  }

  /** Sends SIGTERM. Not by {@link Process#destroy}, which also closes the output. */
  public void terminate() {
    ending = true;
    process.toHandle().destroy();
  }

  /** Sends SIGINT, as Ctrl-C does. */
  public void interrupt() {
    ending = true;
    Commands.run("kill", "-INT", Long.toString(process.pid()));
  }

  /** Waits for its end. */
  public int exitCode() {
    // A test that failed may have left it unread.
    readOn();
    try {
      if (!process.waitFor(180, SECONDS)) {
        kill();
        throw new AssertionError("It does not end; it printed:\n" + log.text());
      }
      reader.join();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits for its end; fails, with what it printed, if it ends with another code. */
  public void assertExitCode(int code) {
    int actual = exitCode();
    if (actual != code) {
      throw new AssertionError(
          "It ended with " + actual + ", not " + code + "; it printed:\n" + log.text());
    }
  }

  /** Ends it at once, whatever it does. */
  public void kill() {
    process.destroyForcibly();
  }

  /**
   * Has the garbage collector run, which is when a leaked buffer is noticed, and then allocates
   * some buffers, which is when it is reported.
   */
  public void lookForLeaks() {
    Commands.run(
        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
        Long.toString(process.pid()),
        "GC.run");
    for (int i = 0; i < 4; i++) {
      get("leaks.test", "/");
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      if (!ending) {
        if (!log.lines(": ready").isEmpty()) {
          lookForLeaks();
        }
        // Once only: the second signal ends it at once.
        terminate();
      }
      assertExitCode(0);
    }
    assertNoProblems();
  }

  /** Fails on a leak or an error that no test expects. */
  public void assertNoProblems() {
    var problems = log.problems();
    if (!problems.isEmpty()) {
      throw new AssertionError(
          "Unexpected: " + String.join("\n", problems) + "\nin all it printed:\n" + log.text());
    }
  }

  private void readOutput() {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        log.add(line);
        mayRead.await();
      }
    } catch (IOException e) {
      log.add("its output could not be read: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      log.end();
    }
  }
}
