package dev.weir.controller.translate;

import dev.weir.annotations.AnnotationCatalog;
import dev.weir.controller.resource.ClusterView;
import java.util.Optional;
import java.util.Set;

/**
 * Puts a host together from all Ingresses that name it.
 *
 * <p>A host has the paths of all its Ingresses; of two equal ones the older Ingress's stays. Unless
 * a path takes it, {@code /} leads to the default backend under the oldest Ingress's settings. Each
 * Ingress is translated inside its own boundary: what is wrong with one is reported and loses only
 * its own rules.
 *
 * <p>Findings about an Ingress are the same whichever of its hosts is translated: collect them in a
 * set.
 */
public final class HostTranslator {
  private final TranslateOptions options;
  private final AnnotationCatalog catalog = AnnotationCatalog.standard();
  private final Admission admission;
  private final Certificates certificates = new Certificates();

  /** Translates under the flags in {@code options}. */
  public HostTranslator(TranslateOptions options) {
    this.options = options;
    this.admission = new Admission(options, catalog);
  }

  /**
   * Translates a host.
   *
   * @param host as Ingresses name it: lower-case, {@code *.example.com}, or empty for what no other
   *     host takes, which always has a virtual host
   */
  public HostResult translate(String host, ClusterView view) {
    var findings = new Findings();
    var admitted = admission.contributors(host, view, findings);
    if (admitted.served().isEmpty() && !host.isEmpty()) {
      return new HostResult(Optional.empty(), Optional.empty(), Set.of(), findings.list());
    }
    var tls =
        host.isEmpty()
            ? HostTls.Choice.OFF
            : new HostTls(options, certificates, view, findings)
                .choose(
                    host,
                    admitted.served(),
                    HostNames.wildcardParent(host)
                        .filter(parent -> admission.anyWithTls(parent, view))
                        .isPresent());
    return new HostCompile(options, catalog, view, findings).compile(host, admitted, tls);
  }
}
