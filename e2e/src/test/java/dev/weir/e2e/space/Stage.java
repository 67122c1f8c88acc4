package dev.weir.e2e.space;

import org.assertj.core.util.Throwables;

/** The program that plays a scenario in the network namespace it is started in. */
public final class Stage {
  /** What it says before the reason of a failure. */
  static final String FAILED = "the scenario failed: ";

  private Stage() {}

  /** Takes the scenario's class name; ends with 0 only if it succeeded. */
  public static void main(String[] args) {
    int code = 1;
    try {
      var scenario = Class.forName(args[0]).asSubclass(Scenario.class);
      scenario.getDeclaredConstructor().newInstance().play();
      code = 0;
    } catch (Throwable e) {
      System.err.println(FAILED + Throwables.getStackTrace(e));
    }
    System.exit(code);
  }
}
