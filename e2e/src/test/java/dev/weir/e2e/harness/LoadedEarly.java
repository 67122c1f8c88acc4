package dev.weir.e2e.harness;

import java.util.concurrent.ThreadLocalRandom;

/**
 * An agent that loads a class before BlockHound does: its start looks whether it works by means of
 * two threads, and where these meet in a map of the JDK's, one of them needs this class for the
 * first time while the other has it rewritten, which ends the JVM with a ClassCircularityError.
 * Part of the program's process, not of the tests'.
 */
public final class LoadedEarly {
  private LoadedEarly() {}

  /** Called by the JVM before the program. */
  public static void premain(String options) {
    var _ = ThreadLocalRandom.current();
  }
}
