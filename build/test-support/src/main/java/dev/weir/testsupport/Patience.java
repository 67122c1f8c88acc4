package dev.weir.testsupport;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * How long tests wait for what must come, unless they say otherwise: long enough for a machine that
 * is slow and has other things to do. It costs a test nothing that passes.
 */
public final class Patience implements LauncherSessionListener {
  private static final Duration USUAL = Duration.ofSeconds(60);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultTimeout(USUAL);
  }
}
