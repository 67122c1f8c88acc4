package dev.weir.e2e.fault;

import static java.util.Objects.requireNonNull;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import dev.weir.e2e.harness.WeirProcess;
import java.io.IOException;

/**
 * A thread of the program that can be made to do nothing, as if it were blocked. One debugger for
 * all times: a JVM whose debugger has left listens elsewhere, and not at once.
 */
final class SuspendableThread implements AutoCloseable {
  /** For the program's JVM. */
  static final String OPTION =
      "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";

  private final VirtualMachine machine;
  private final ThreadReference thread;

  private SuspendableThread(VirtualMachine machine, ThreadReference thread) {
    this.machine = machine;
    this.thread = thread;
  }

  /** One whose name begins so; it isn't suspended yet. */
  static SuspendableThread of(WeirProcess weir, String prefix)
      throws IOException, IllegalConnectorArgumentsException {
    var line = weir.log().await("Listening for transport");
    var connector =
        Bootstrap.virtualMachineManager().attachingConnectors().stream()
            .filter(each -> each.name().equals("com.sun.jdi.SocketAttach"))
            .findFirst()
            .orElseThrow();
    var arguments = connector.defaultArguments();
    requireNonNull(arguments.get("hostname")).setValue("127.0.0.1");
    requireNonNull(arguments.get("port")).setValue(line.replaceAll(".*\\D", ""));
    var machine = connector.attach(arguments);
    var thread =
        machine.allThreads().stream()
            .filter(each -> each.name().startsWith(prefix))
            .findFirst()
            .orElseThrow();
    return new SuspendableThread(machine, thread);
  }

  void suspend() {
    thread.suspend();
  }

  void resume() {
    thread.resume();
  }

  /** It goes on, and nobody can suspend it any more. */
  @Override
  public void close() {
    machine.dispose();
  }
}
