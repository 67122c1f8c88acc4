package dev.weir.controller.translate;

import dev.weir.annotations.PathPolicy;
import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.Dependency;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.IngressResource.PathType;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.RecordingView;
import dev.weir.controller.resource.Severity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * What would be wrong with an Ingress if it were in the cluster: the very translation that serves,
 * on a view with the Ingress added, compiling its own hosts only. Pure; changes nothing.
 *
 * <p>May be used by any thread.
 */
public final class IngressReview {
  private static final Set<Kind> REFERENCES = Set.of(Kind.SECRET, Kind.SERVICE, Kind.CONFIG_MAP);

  private final HostTranslator translator;
  private final TranslateOptions options;
  private final Ownership ownership;
  private final PathConflicts conflicts;

  /**
   * @param translator the one that serves: what it remembers of Secrets is shared
   */
  public IngressReview(HostTranslator translator) {
    this.translator = translator;
    this.options = translator.options();
    this.ownership = new Ownership(options);
    this.conflicts = new PathConflicts(translator.admission(), ownership);
  }

  /** How a finding of a review weighs. */
  public enum Weight {
    /**
     * Something that the Ingress asks for is not served because of what the Ingress says, or is
     * what another Ingress has.
     */
    FAULT,
    /** The same, but because of another object, which may change or come at any time. */
    REFERENCE,
    /** It is served, but not as somebody would expect; or a defect of ours keeps it out. */
    WARNING,
    /** Worth knowing. */
    NOTE
  }

  /**
   * A finding about the Ingress.
   *
   * @param about the other object that it rests on, if it rests on one
   */
  public record Remark(Finding finding, Weight weight, Optional<ObjectKey> about) {}

  /**
   * All there is to say.
   *
   * @param whole whether everything was looked at before the time was over
   * @param neighbours how many Ingresses share the hosts, the reviewed one included
   */
  public record Review(List<Remark> remarks, boolean whole, int neighbours) {
    public Review {
      remarks = List.copyOf(remarks);
    }
  }

  /** Whether this controller serves the Ingress. */
  public boolean ours(IngressResource ingress, ClusterView cluster) {
    return ownership.ours(ingress, cluster);
  }

  /**
   * Reviews an Ingress of ours.
   *
   * @param mayGoOn asked before each host; false ends the review
   */
  public Review of(IngressResource ingress, ClusterView cluster, BooleanSupplier mayGoOn) {
    var view = new RecordingView(new WithCandidate(cluster, ingress));
    boolean dropped = translator.admission().fate(ingress, view) == Admission.Fate.DROPPED;
    var hosts = dropped ? translator.servingAnyway(ingress.key()) : translator;
    var names = new LinkedHashSet<>(ClusterState.hostsOf(ingress));
    names.addAll(ClusterState.otherHostsOf(ingress));
    var grave = new LinkedHashSet<Finding>();
    grave.addAll(ofOtherPrefix(ingress));
    var findings = new LinkedHashSet<>(grave);
    boolean whole = true;
    int neighbours = 0;
    for (var host : names) {
      if (!mayGoOn.getAsBoolean()) {
        whole = false;
        break;
      }
      neighbours += view.ingressesOf(host).size();
      for (var finding : hosts.translate(host, view).findings()) {
        if (finding.object().key().equals(ingress.key())) {
          findings.add(finding);
        }
      }
    }
    grave.addAll(unusualPaths(ingress, view));
    if (whole) {
      grave.addAll(conflicts.of(ingress, view));
    }
    findings.addAll(grave);
    var references = references(view);
    return new Review(
        findings.stream().map(finding -> remark(finding, grave, references)).toList(),
        whole,
        neighbours);
  }

  private static Remark remark(Finding finding, Set<Finding> grave, List<ObjectKey> references) {
    var about = references.stream().filter(key -> names(finding.message(), key)).findFirst();
    var weight =
        grave.contains(finding)
            ? Weight.FAULT
            : switch (finding.severity()) {
              case ERROR -> ofError(finding, about.isPresent());
              case WARNING -> Weight.WARNING;
              case INFO -> Weight.NOTE;
            };
    return new Remark(finding, weight, about);
  }

  private static Weight ofError(Finding finding, boolean aboutOther) {
    if (finding.hint().equals(Admission.DEFECT)) {
      return Weight.WARNING;
    }
    return aboutOther ? Weight.REFERENCE : Weight.FAULT;
  }

  /** Everything that the compile looked up and that is not the Ingress's own. */
  private static List<ObjectKey> references(RecordingView view) {
    var keys = new ArrayList<ObjectKey>();
    for (var dependency : view.dependencies()) {
      if (dependency instanceof Dependency.OnObject(var key) && REFERENCES.contains(key.kind())) {
        keys.add(key);
      }
    }
    return keys;
  }

  /**
   * Whether a message is about an object. Messages name objects as {@code Secret namespace/name},
   * and only what was looked up is asked for here: an annotation that names a Secret which it must
   * not name is refused before anybody looks.
   */
  private static boolean names(String message, ObjectKey key) {
    var name = key.toString();
    int from = message.indexOf(name);
    while (from >= 0) {
      int end = from + name.length();
      if (end == message.length() || !ofName(message.charAt(end))) {
        return true;
      }
      from = message.indexOf(name, end);
    }
    return false;
  }

  private static boolean ofName(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  }

  private List<Finding> unusualPaths(IngressResource ingress, ClusterView view) {
    var settings = translator.admission().settings(ingress, view);
    return ingress.rules().stream()
        .flatMap(rule -> rule.paths().stream())
        .filter(path -> path.type() != PathType.IMPLEMENTATION_SPECIFIC)
        .filter(path -> PathPolicy.asked(settings, path.path()))
        .map(path -> HostCompile.unusual(ingress.ref(), path))
        .toList();
  }

  /** Somebody who writes the usual prefix where another one holds gets nothing of what he asks. */
  private List<Finding> ofOtherPrefix(IngressResource ingress) {
    var usual = TranslateOptions.DEFAULT.annotationsPrefix() + "/";
    if (usual.equals(options.annotationsPrefix() + "/")) {
      return List.of();
    }
    return ingress.meta().annotations().keySet().stream()
        .filter(name -> name.startsWith(usual))
        .sorted()
        .map(
            name ->
                new Finding(
                    Severity.ERROR,
                    ingress.ref(),
                    name,
                    "has no effect: this controller's annotations begin with "
                        + options.annotationsPrefix()
                        + "/",
                    "write " + options.annotationsPrefix() + "/" + name.substring(usual.length())))
        .toList();
  }
}
