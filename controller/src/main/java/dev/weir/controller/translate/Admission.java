package dev.weir.controller.translate;

import dev.weir.annotations.AnnotationCatalog;
import dev.weir.annotations.IngressDraft;
import dev.weir.annotations.ReadSettings;
import dev.weir.annotations.SettingsReader;
import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chooses the Ingresses that may make a host, in the order in which they win. */
final class Admission {
  /** The hint of a finding that is no fault of its object. */
  static final String DEFECT = "this is a defect of Weir; please report it with the object";

  private final TranslateOptions options;
  private final AnnotationCatalog catalog;
  private final SettingsReader reader;
  private final Ownership ownership;
  private final Optional<ObjectKey> servedAnyway;

  Admission(TranslateOptions options, AnnotationCatalog catalog) {
    this(options, catalog, Optional.empty());
  }

  private Admission(
      TranslateOptions options, AnnotationCatalog catalog, Optional<ObjectKey> servedAnyway) {
    this.options = options;
    this.catalog = catalog;
    this.reader = new SettingsReader(catalog, options.annotationsPrefix());
    this.ownership = new Ownership(options);
    this.servedAnyway = servedAnyway;
  }

  /** The same, but one Ingress is served whatever it says. */
  Admission servingAnyway(ObjectKey ingress) {
    return new Admission(options, catalog, Optional.of(ingress));
  }

  /** The settings of an Ingress. */
  ReadSettings settings(IngressResource ingress, ClusterView view) {
    return reader.read(ingress.meta().annotations(), view::setting);
  }

  /** What becomes of an Ingress of ours, without saying what is wrong with it. */
  Fate fate(IngressResource ingress, ClusterView view) {
    return switch (admit(ingress, view, new Findings())) {
      case Verdict.Served served -> Fate.SERVED;
      case Verdict.Dropped dropped -> Fate.DROPPED;
      case Verdict.NoRoutes none -> Fate.NO_ROUTES;
    };
  }

  /** What becomes of an Ingress of ours. */
  enum Fate {
    /** It makes routes. */
    SERVED,
    /** It makes none, because of what it says. */
    DROPPED,
    /** It makes none and is not meant to: a canary. */
    NO_ROUTES
  }

  /**
   * The Ingresses that name a host and are ours.
   *
   * @param served those that may make routes: live ones before those that are being deleted (alone
   *     or with their namespace), each group oldest first
   * @param dropped those that are not served because of what they say; they make no routes, but
   *     what they ask for to protect the host still protects it from being served open by others
   */
  record Admitted(List<Contributor> served, List<Contributor> dropped) {}

  /** Who contributes to {@code host}. */
  Admitted contributors(String host, ClusterView view, Findings findings) {
    var live = new ArrayList<Contributor>();
    var dying = new ArrayList<Contributor>();
    var dropped = new ArrayList<Contributor>();
    for (var ingress : oldestFirst(view.ingressesOf(host))) {
      if (!concerns(ingress, host)) {
        continue;
      }
      var verdict =
          guarded(
              ingress.ref(),
              findings,
              own ->
                  ownership.ours(ingress, view)
                      ? Optional.of(admit(ingress, view, own))
                      : Optional.empty());
      verdict.ifPresent(
          admitted -> {
            switch (admitted) {
              case Verdict.Served(var one) -> (dying(ingress, view) ? dying : live).add(one);
              case Verdict.Dropped(var one) -> dropped.add(one);
              case Verdict.NoRoutes none -> {}
            }
          });
    }
    live.addAll(dying);
    return new Admitted(live, dropped);
  }

  /** Whether an Ingress that is served names {@code host} and has TLS. */
  boolean anyWithTls(String host, ClusterView view) {
    return view.ingressesOf(host).stream()
        .filter(ingress -> !ingress.tls().isEmpty())
        .anyMatch(
            ingress ->
                guarded(
                        ingress.ref(),
                        new Findings(),
                        own ->
                            ownership.ours(ingress, view)
                                ? Optional.of(admit(ingress, view, own))
                                : Optional.<Verdict>empty())
                    .filter(Verdict.Served.class::isInstance)
                    .isPresent());
  }

  /** What becomes of an Ingress as a whole. */
  Standing standing(IngressResource ingress, ClusterView view) {
    if (!ownership.ours(ingress, view)) {
      return Standing.NOT_OURS;
    }
    return guarded(ingress.ref(), new Findings(), own -> Optional.of(admit(ingress, view, own)))
        .map(verdict -> verdict instanceof Verdict.Dropped ? Standing.NOT_SERVED : Standing.SERVED)
        .orElse(Standing.NOT_SERVED);
  }

  /**
   * The default backend of an Ingress with rules is its own hosts' and nobody else's
   * (ingress-nginx.md 4.6), so such an Ingress has no say in what unknown hosts get.
   */
  private static boolean concerns(IngressResource ingress, String host) {
    return !host.isEmpty()
        || ingress.rules().isEmpty()
        || ingress.rules().stream().anyMatch(rule -> rule.host().isEmpty());
  }

  private static List<IngressResource> oldestFirst(List<IngressResource> ingresses) {
    return ingresses.stream().sorted(ClusterState.OLDEST_FIRST).toList();
  }

  /** Whether an Ingress gives way to others: it is being deleted, alone or with its namespace. */
  static boolean dying(IngressResource ingress, ClusterView view) {
    if (ingress.meta().deleting()) {
      return true;
    }
    var namespace = view.namespace(ingress.key().namespace());
    return namespace != null && namespace.meta().deleting();
  }

  /** A step of the translation of one Ingress. */
  interface Step<T> {
    Optional<T> run(Findings findings);
  }

  /**
   * The boundary of an Ingress: whatever goes wrong in {@code step} loses what this Ingress would
   * have contributed, and nothing else.
   */
  static <T> Optional<T> guarded(ObjectRef ref, Findings findings, Step<T> step) {
    var own = new Findings();
    try {
      var result = step.run(own);
      own.list().forEach(findings::add);
      return result;
    } catch (RuntimeException e) {
      findings.add(
          new Finding(
              Severity.ERROR, ref, "", "can't be translated and is not served: " + e, DEFECT));
      return Optional.empty();
    }
  }

  /** What becomes of an Ingress of ours. */
  private sealed interface Verdict {
    record Served(Contributor contributor) implements Verdict {}

    record Dropped(Contributor contributor) implements Verdict {}

    record NoRoutes() implements Verdict {}
  }

  private Verdict admit(IngressResource ingress, ClusterView view, Findings findings) {
    var settings = settings(ingress, view);
    var context = options.draftContext(ingress.key().namespace(), ingress.key().name(), view);
    var contributor = new Contributor(ingress, settings, context);
    var refusals = refusals(ingress);
    refusals.forEach(findings::add);
    findings.addProblems(ingress.ref(), settings.problems());
    boolean refused = !refusals.isEmpty() || settings.dropped().isPresent();
    if (refused && !servedAnyway.equals(Optional.of(ingress.key()))) {
      return new Verdict.Dropped(contributor);
    }
    var draft = new IngressDraft(context);
    catalog.features().forEach(feature -> feature.applyIngress(settings, draft));
    findings.addProblems(ingress.ref(), draft.problems());
    return draft.makesRoutes() ? new Verdict.Served(contributor) : new Verdict.NoRoutes();
  }

  private List<Finding> refusals(IngressResource ingress) {
    var refusals = new ArrayList<Finding>();
    if (options.switches().deepInspect()) {
      for (var field : DeepInspection.suspiciousFields(ingress)) {
        refusals.add(
            new Finding(
                Severity.ERROR,
                ingress.ref(),
                field,
                "looks like an attempt to inject configuration; the Ingress is not served",
                "change the text, or start with --deep-inspect=false"));
      }
    }
    if (options.switches().disableCatchAll() && ingress.defaultBackend().isPresent()) {
      refusals.add(
          new Finding(
              Severity.ERROR,
              ingress.ref(),
              "spec.defaultBackend",
              "is not allowed (--disable-catch-all); the Ingress is not served",
              "remove spec.defaultBackend"));
    }
    return refusals;
  }
}
