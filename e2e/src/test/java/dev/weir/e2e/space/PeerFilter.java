package dev.weir.e2e.space;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestTag;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Doesn't select tests whose peer program is absent. What is selected never skips, so a report
 * without skipped tests means that all that could run did.
 */
public final class PeerFilter implements PostDiscoveryFilter {
  private final Set<String> absent = absent();

  private static Set<String> absent() {
    boolean space = Peers.networkSpace();
    return Map.of(
            Peers.NETWORK_SPACE,
            space,
            Peers.REAL_API_SERVER,
            space && Peers.apiServerBinaries().isPresent(),
            Peers.H2SPEC,
            Peers.h2spec(),
            Peers.NGHTTP2,
            Peers.nghttp2(),
            Peers.CURL,
            Peers.curl(),
            Peers.PROMETHEUS,
            Peers.prometheus(),
            Peers.C_COMPILER,
            Peers.cCompiler())
        .entrySet()
        .stream()
        .filter(peer -> !peer.getValue())
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public FilterResult apply(TestDescriptor test) {
    return FilterResult.includedIf(
        test.getTags().stream().map(TestTag::getName).noneMatch(absent::contains));
  }
}
