package dev.weir.controller.loop;

import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.Dependency;
import dev.weir.controller.resource.RecordingView;
import dev.weir.controller.translate.HostResult;
import dev.weir.controller.translate.SettingsResult;
import dev.weir.controller.translate.UpstreamResult;
import dev.weir.dataplane.model.UpstreamId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything compiled, kept equal to what a compile of the whole cluster would give, at the price
 * of what changed.
 *
 * <p>Hosts are compiled first; they say which upstreams are needed. A unit whose compile throws
 * keeps its former result, so that a fault of ours costs freshness of one host and nothing else.
 */
final class Compilation {
  private static final Logger LOG = LoggerFactory.getLogger(Compilation.class);

  /** So many usual hosts are compiled in a millisecond or so. */
  static final int UNITS_IN_A_ROW = 16;

  private final Translation translation;
  private final ClusterState state;
  private final FindingBook findings;
  private final Runnable giveWay;
  private final DependencyIndex<Unit> index = new DependencyIndex<>();
  private final Map<String, HostResult> hosts = new HashMap<>();
  private final Map<UpstreamId, UpstreamResult> upstreams = new HashMap<>();
  private final Map<UpstreamId, Integer> users = new HashMap<>();
  private @Nullable SettingsResult settings;
  private long faults;

  /** Of the compile that is going on. */
  private int units;

  /** What a compile touched: candidates for a difference, nothing else can have changed. */
  record Touched(Set<String> hosts, Set<UpstreamId> upstreams) {}

  /**
   * Nothing is compiled yet.
   *
   * @param giveWay called again and again while many units are compiled
   */
  Compilation(Translation translation, ClusterState state, FindingBook findings, Runnable giveWay) {
    this.translation = translation;
    this.state = state;
    this.findings = findings;
    this.giveWay = giveWay;
  }

  /** Compiles everything. */
  Touched compileAll() {
    compileSettings();
    var all = new LinkedHashSet<>(state.hosts());
    all.add("");
    return compile(all, Set.of());
  }

  /** Compiles what depends on {@code changes}. */
  Touched compile(Set<Dependency> changes) {
    var dirtyHosts = new LinkedHashSet<String>();
    var dirtyUpstreams = new LinkedHashSet<UpstreamId>();
    for (var unit : index.askersOf(changes)) {
      switch (unit) {
        case Unit.OfHost host -> dirtyHosts.add(host.host());
        case Unit.OfUpstream upstream -> dirtyUpstreams.add(upstream.upstream());
        case Unit.OfSettings s -> compileSettings();
      }
    }
    for (var change : changes) {
      // A host that nobody asked for so far.
      if (change instanceof Dependency.OnHost host) {
        dirtyHosts.add(host.host());
      }
    }
    return compile(dirtyHosts, dirtyUpstreams);
  }

  private Touched compile(Set<String> dirtyHosts, Set<UpstreamId> dirtyUpstreams) {
    units = 0;
    var touched = new HashSet<>(dirtyUpstreams);
    dirtyHosts.forEach(host -> compileHost(host, touched));
    for (var upstream : touched) {
      if (!users.containsKey(upstream)) {
        removeUpstream(upstream);
      } else if (dirtyUpstreams.contains(upstream) || !upstreams.containsKey(upstream)) {
        compileUpstream(upstream);
      }
    }
    return new Touched(dirtyHosts, touched);
  }

  private void compileHost(String host, Set<UpstreamId> touched) {
    var unit = new Unit.OfHost(host);
    var before = hosts.get(host);
    // The host of rules without host is always there: it holds the default backend.
    if (!host.isEmpty()
        && state.ingressesOf(host).isEmpty()
        && state.ingressesBesides(host).isEmpty()) {
      hosts.remove(host);
      index.remove(unit);
      findings.report(unit, List.of());
      count(before, null, touched);
      return;
    }
    var view = new RecordingView(state);
    var result = guarded(unit, () -> translation.host(host, view));
    index.record(unit, view);
    if (result != null) {
      hosts.put(host, result);
      findings.report(unit, result.findings());
      count(before, result, touched);
    }
  }

  private void count(
      @Nullable HostResult before, @Nullable HostResult after, Set<UpstreamId> touched) {
    var old = before == null ? Set.<UpstreamId>of() : before.upstreams();
    var now = after == null ? Set.<UpstreamId>of() : after.upstreams();
    for (var upstream : now) {
      if (!old.contains(upstream) && users.merge(upstream, 1, Integer::sum) == 1) {
        touched.add(upstream);
      }
    }
    for (var upstream : old) {
      if (!now.contains(upstream)
          && users.computeIfPresent(upstream, (u, count) -> count == 1 ? null : count - 1)
              == null) {
        touched.add(upstream);
      }
    }
  }

  private void compileUpstream(UpstreamId upstream) {
    var unit = new Unit.OfUpstream(upstream);
    var view = new RecordingView(state);
    var result = guarded(unit, () -> translation.upstream(upstream, view));
    index.record(unit, view);
    if (result != null) {
      upstreams.put(upstream, result);
      findings.report(unit, result.findings());
    }
  }

  private void removeUpstream(UpstreamId upstream) {
    var unit = new Unit.OfUpstream(upstream);
    upstreams.remove(upstream);
    index.remove(unit);
    findings.report(unit, List.of());
  }

  private void compileSettings() {
    var unit = new Unit.OfSettings();
    var view = new RecordingView(state);
    var result = guarded(unit, () -> translation.settings(view));
    index.record(unit, view);
    if (result != null) {
      settings = result;
      findings.report(unit, result.findings());
    }
  }

  private <T> @Nullable T guarded(Unit unit, Supplier<T> compile) {
    if (++units % UNITS_IN_A_ROW == 0) {
      giveWay.run();
    }
    try {
      return compile.get();
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      // Errors too: the controller thread must outlive whatever one object provokes.
      faults++;
      LOG.error("Compiling {} failed; what it was before stays in use. This is a bug.", unit, e);
      return null;
    }
  }

  /** The result of a host, or null. */
  @Nullable HostResult host(String host) {
    return hosts.get(host);
  }

  /** The result of an upstream, or null if no host needs it. */
  @Nullable UpstreamResult upstream(UpstreamId upstream) {
    return upstreams.get(upstream);
  }

  /** What holds for the whole proxy; null before the first compile. */
  @Nullable SettingsResult settings() {
    return settings;
  }

  /** Compiles that threw. */
  long faults() {
    return faults;
  }
}
