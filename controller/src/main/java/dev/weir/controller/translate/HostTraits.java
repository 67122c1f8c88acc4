package dev.weir.controller.translate;

import dev.weir.annotations.AnnotationCatalog;
import dev.weir.annotations.HostDraft;
import dev.weir.annotations.HostTls;
import dev.weir.controller.resource.Severity;
import dev.weir.dataplane.model.CipherChoice;
import dev.weir.dataplane.model.CipherSuite;
import dev.weir.dataplane.model.HostPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

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
    reportOthers(
        parts,
        "ssl-ciphers",
        "choice of cipher suites",
        draft -> text(draft.ciphers().suites()),
        findings);
    reportOthers(
        parts,
        "ssl-prefer-server-ciphers",
        "order of cipher suites",
        draft -> text(draft.ciphers().order()),
        findings);
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

  private static String text(List<CipherSuite> suites) {
    return suites.isEmpty() ? "" : suites.toString();
  }

  private static String text(CipherChoice.Order order) {
    return order == CipherChoice.Order.USUAL ? "" : order.toString();
  }

  /**
   * Reports who says of the whole host something else than an older Ingress.
   *
   * @param said empty for nothing
   */
  private static void reportOthers(
      List<Part> parts,
      String annotation,
      String what,
      Function<HostDraft, String> said,
      Findings findings) {
    Optional<Part> first = Optional.empty();
    for (var part : parts) {
      var own = said.apply(part.draft);
      if (own.isEmpty()) {
        continue;
      }
      if (first.isEmpty()) {
        first = Optional.of(part);
      } else if (!own.equals(said.apply(first.get().draft))) {
        findings.add(
            Severity.WARNING,
            part.contributor.ingress().ref(),
            part.contributor.context().prefix() + "/" + annotation,
            "is not used: the "
                + what
                + " of host "
                + part.draft.pattern().text()
                + " comes from the older Ingress "
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

  /** How TLS is spoken to Services of paths that say nothing of it, oldest Ingress first. */
  List<HostTls> serviceTls() {
    return parts.stream().flatMap(part -> part.draft.serviceTls().stream()).toList();
  }

  /** The host's cipher suites, and whose order counts: each the oldest Ingress's that says so. */
  CipherChoice ciphers() {
    var choice = CipherChoice.USUAL;
    for (var part : parts) {
      choice = choice.over(part.draft.ciphers());
    }
    return choice;
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
