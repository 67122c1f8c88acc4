package dev.weir.controller.translate;

import dev.weir.controller.resource.ClusterView;

/** The namespaces whose Ingresses are looked at. */
public sealed interface WatchedNamespaces {
  /** Every namespace. */
  record All() implements WatchedNamespaces {}

  /** {@code --watch-namespace}. */
  record Only(String namespace) implements WatchedNamespaces {}

  /** {@code --watch-namespace-selector}: namespaces with matching labels. */
  record Labelled(LabelSelector selector) implements WatchedNamespaces {}

  /** Whether {@code namespace} is looked at. A namespace that isn't known has no labels. */
  default boolean includes(String namespace, ClusterView view) {
    return switch (this) {
      case All all -> true;
      case Only only -> only.namespace.equals(namespace);
      case Labelled labelled -> {
        var found = view.namespace(namespace);
        yield found != null && labelled.selector.matches(found.meta().labels());
      }
    };
  }
}
