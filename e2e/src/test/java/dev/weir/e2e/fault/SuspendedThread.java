package dev.weir.e2e.fault;

import static java.util.Objects.requireNonNull;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import dev.weir.e2e.harness.WeirProcess;
import java.io.IOException;

/** A thread of the program that does nothing until this is closed: as if it were blocked. */
final class SuspendedThread implements AutoCloseable {
  /** For the program's JVM. */
  static final String OPTION =
      "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";

  private final VirtualMachine machine;
  private final ThreadReference thread;

  private SuspendedThread(VirtualMachine machine, ThreadReference thread) {
    this.machine = machine;
    this.thread = thread;
    thread.suspend();
  }

  /** Suspends one whose name begins so. */
  static SuspendedThread of(WeirProcess weir, String prefix)
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
    return new SuspendedThread(machine, thread);
  }

  @Override
  public void close() {
    thread.resume();
    machine.dispose();
  }
}
