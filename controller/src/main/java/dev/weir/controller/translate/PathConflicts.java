package dev.weir.controller.translate;

import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.IngressResource.Path;
import dev.weir.controller.resource.IngressResource.PathType;
import dev.weir.controller.resource.Severity;
import dev.weir.controller.translate.Admission.Fate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Finds the paths of an Ingress that another one has: same host, path and type, whichever is the
 * older (ingress-nginx.md 6). A canary is meant to have the paths of one that is none.
 */
final class PathConflicts {
  private final Admission admission;
  private final Ownership ownership;

  PathConflicts(Admission admission, Ownership ownership) {
    this.admission = admission;
    this.ownership = ownership;
  }

  private record Claim(PathType type, String path) {
    static Claim of(Path path) {
      return new Claim(path.type(), text(path));
    }
  }

  /** A finding for each such path. */
  List<Finding> of(IngressResource ingress, ClusterView view) {
    var rival = admission.fate(ingress, view) == Fate.NO_ROUTES ? Fate.NO_ROUTES : Fate.SERVED;
    var conflicts = new ArrayList<Finding>();
    for (var host : ClusterState.hostsOf(ingress)) {
      var wanted = new LinkedHashMap<Claim, Path>();
      pathsOf(ingress, host).forEach(path -> wanted.putIfAbsent(Claim.of(path), path));
      for (var other : wanted.isEmpty() ? List.<IngressResource>of() : view.ingressesOf(host)) {
        var shared =
            other.key().equals(ingress.key()) ? List.<Path>of() : shared(wanted, other, host);
        if (!shared.isEmpty()
            && !Admission.dying(other, view)
            && ownership.ours(other, view)
            && admission.fate(other, view) == rival) {
          shared.forEach(path -> conflicts.add(taken(ingress, host, path, other)));
          wanted.values().removeAll(shared);
        }
      }
    }
    return conflicts;
  }

  private static List<Path> shared(Map<Claim, Path> wanted, IngressResource other, String host) {
    return pathsOf(other, host)
        .map(path -> wanted.get(Claim.of(path)))
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  private static Stream<Path> pathsOf(IngressResource ingress, String host) {
    return ingress.rules().stream()
        .filter(rule -> rule.host().equals(host))
        .flatMap(rule -> rule.paths().stream());
  }

  private static String text(Path path) {
    return path.path().isEmpty() ? "/" : path.path();
  }

  private static Finding taken(
      IngressResource ingress, String host, Path path, IngressResource owner) {
    var where = host.isEmpty() ? "without host" : "of host " + host;
    return new Finding(
        Severity.WARNING,
        ingress.ref(),
        path.field() + ".path",
        type(path.type())
            + " "
            + text(path)
            + " "
            + where
            + " is defined in Ingress "
            + owner.key().namespace()
            + "/"
            + owner.key().name()
            + " already",
        "remove one of them");
  }

  private static String type(PathType type) {
    return switch (type) {
      case EXACT -> "Exact";
      case PREFIX -> "Prefix";
      case IMPLEMENTATION_SPECIFIC -> "ImplementationSpecific";
    };
  }
}
