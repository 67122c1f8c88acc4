package dev.weir.controller.translate;

import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.IngressResource;

/**
 * Decides whether an Ingress is ours: its namespace is watched and its class is one that we serve
 * (ingress-nginx.md 4.1).
 */
public final class Ownership {
  /** The class annotation of old Ingresses; looked at only where the field is absent. */
  public static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";

  private final TranslateOptions options;

  /** Decides by the flags in {@code options}. */
  public Ownership(TranslateOptions options) {
    this.options = options;
  }

  /** Whether this controller serves {@code ingress}. */
  public boolean ours(IngressResource ingress, ClusterView view) {
    return options.namespaces().includes(ingress.key().namespace(), view)
        && ourClass(ingress, view);
  }

  private boolean ourClass(IngressResource ingress, ClusterView view) {
    var classes = options.classes();
    if (!ingress.className().isEmpty()) {
      var found = view.ingressClass(ingress.className());
      return found != null
          && (found.controller().equals(classes.controller())
              || (classes.byName() && ingress.className().equals(classes.name())));
    }
    var annotation = ingress.meta().annotations().getOrDefault(CLASS_ANNOTATION, "").strip();
    return annotation.isEmpty() ? classes.withoutClass() : annotation.equals(classes.name());
  }
}
