package dev.weir.controller.translate;

import dev.weir.annotations.AnnotationCatalog;
import dev.weir.annotations.HostDraft;
import dev.weir.annotations.ServiceTls;
import dev.weir.controller.resource.Severity;
import dev.weir.dataplane.model.HostPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the Ingresses of a host say about all of it.
 *
 * @param regex whether all paths are regular expressions (ingress-nginx.md 4.4)
 * @param closed why the host answers 503
 * @param parts what each Ingress that may make routes says, oldest first
 */
record HostTraits(boolean regex, Optional<String> closed, List<Part> parts) {
  HostTraits {
    parts = List.copyOf(parts);
  }

  /** What one Ingress says. */
  record Part(Contributor contributor, HostDraft draft) {}

  static HostTraits of(
      AnnotationCatalog catalog, String host, Admission.Admitted admitted, Findings findings) {
    var parts = new ArrayList<Part>();
    boolean regex = false;
    Optional<String> closed = Optional.empty();
    for (var contributor : admitted.served()) {
      var draft = draft(catalog, host, contributor, findings);
      if (draft.isPresent()) {
        parts.add(new Part(contributor, draft.get()));
        regex |= draft.get().matchesByRegex();
        closed = closed.or(() -> reason(contributor, draft.get()));
      }
    }
    for (var dropped : admitted.dropped()) {
      closed =
          closed.or(
              () ->
                  draft(catalog, host, dropped, findings).flatMap(draft -> reason(dropped, draft)));
    }
    reportUnusedAliases(parts, findings);
    return new HostTraits(regex, closed, parts);
  }

  private static void reportUnusedAliases(List<Part> parts, Findings findings) {
    Optional<Part> first = Optional.empty();
    for (var part : parts) {
      if (part.draft.aliases().isEmpty()) {
        continue;
      }
      if (first.isEmpty()) {
        first = Optional.of(part);
      } else {
        findings.add(
            Severity.WARNING,
            part.contributor.ingress().ref(),
            part.contributor.context().prefix() + "/server-alias",
            "is not used: the other names of host "
                + part.draft.pattern().text()
                + " come from the older Ingress "
                + first.get().contributor.name());
      }
    }
  }

  private static Optional<HostDraft> draft(
      AnnotationCatalog catalog, String host, Contributor contributor, Findings findings) {
    return Admission.guarded(
        contributor.ingress().ref(),
        findings,
        own -> {
          var draft =
              new HostDraft(contributor.context(), HostPattern.of(host), paths(contributor, host));
          catalog.features().forEach(f -> f.applyHost(contributor.settings(), draft));
          own.addProblems(contributor.ingress().ref(), draft.problems());
          return Optional.of(draft);
        });
  }

  private static List<String> paths(Contributor contributor, String host) {
    return contributor.ingress().rules().stream()
        .filter(rule -> rule.host().equals(host))
        .flatMap(rule -> rule.paths().stream())
        .map(path -> path.path().isEmpty() ? "/" : path.path())
        .toList();
  }

  private static Optional<String> reason(Contributor contributor, HostDraft draft) {
    return draft.denied().map(why -> contributor.name() + ": " + why);
  }

  /**
   * How TLS is spoken to Services of paths that say nothing of it: the oldest Ingress's that does.
   */
  Optional<ServiceTls> serviceTls() {
    return parts.stream().flatMap(part -> part.draft.serviceTls().stream()).findFirst();
  }

  /** Other names of the host: the oldest Ingress's that has any. */
  Set<HostPattern> aliases() {
    return aliasing().map(part -> part.draft.aliases()).orElseGet(Set::of);
  }

  /** Whose aliases hold. */
  Optional<Part> aliasing() {
    return parts.stream().filter(part -> !part.draft.aliases().isEmpty()).findFirst();
  }

  /** Who first asks that the host's twin redirect to it. */
  Optional<Part> twinning() {
    return parts.stream().filter(part -> part.draft.twin().isPresent()).findFirst();
  }
}
