package dev.weir.controller.cli;

import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.TableChange;
import dev.weir.dataplane.model.UpstreamId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Says in one line what a change of the table did; the demo prints it.
 *
 * <p>Thread rule: one thread at a time.
 */
final class ChangeLine {
  private static final int MOST_NAMES = 3;

  private final Set<HostPattern> hosts = new HashSet<>();
  private final Set<UpstreamId> upstreams = new HashSet<>();

  /** The line for a change that was applied; every change has to be shown, in order. */
  String of(TableChange change) {
    var parts = new ArrayList<String>();
    add(parts, "new host", change.hosts().keySet().stream().filter(h -> !hosts.contains(h)));
    add(parts, "changed host", change.hosts().keySet().stream().filter(hosts::contains));
    add(parts, "removed host", change.removedHosts().stream());
    var known = change.upstreams().keySet().stream().filter(upstreams::contains);
    add(parts, "other endpoints of", known);
    add(parts, "certificate of", changedCertificates(change));
    if (change.settings().isPresent()) {
      parts.add("settings");
    }
    hosts.addAll(change.hosts().keySet());
    hosts.removeAll(change.removedHosts());
    upstreams.addAll(change.upstreams().keySet());
    upstreams.removeAll(change.removedUpstreams());
    return parts.isEmpty() ? "nothing visible" : String.join("; ", parts);
  }

  private static Stream<HostPattern> changedCertificates(TableChange change) {
    var certificates = change.certificates();
    return Stream.concat(certificates.put().keySet().stream(), certificates.removed().stream());
  }

  private static void add(List<String> parts, String what, Stream<?> changed) {
    var names =
        changed
            .map(name -> name instanceof HostPattern h ? h.text() : name.toString())
            .sorted()
            .toList();
    if (!names.isEmpty()) {
      parts.add(what + " " + names(names));
    }
  }

  private static String names(Collection<String> names) {
    var shown = String.join(", ", names.stream().limit(MOST_NAMES).toList());
    int rest = names.size() - MOST_NAMES;
    return rest > 0 ? shown + " and " + rest + " more" : shown;
  }
}
