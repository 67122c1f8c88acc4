package dev.weir.e2e.space;

import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestTag;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Doesn't select tests whose peer program is absent. What is selected never skips, so a report
 * without skipped tests means that all that could run did.
 */
public final class PeerFilter implements PostDiscoveryFilter {
  private final boolean space = Peers.networkSpace();
  private final boolean real = space && Peers.apiServerBinaries().isPresent();

  @Override
  public FilterResult apply(TestDescriptor test) {
    var tags = test.getTags();
    boolean absent =
        (!space && tags.contains(TestTag.create(Peers.NETWORK_SPACE)))
            || (!real && tags.contains(TestTag.create(Peers.REAL_API_SERVER)));
    return FilterResult.includedIf(!absent);
  }
}
