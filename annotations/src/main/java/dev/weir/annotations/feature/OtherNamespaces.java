package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Draft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import java.util.List;

/**
 * {@code allow-cross-namespace-resources}: whether an Ingress may name Secrets and ConfigMaps of
 * other namespaces; ConfigMap only. By itself it does nothing: features ask {@link #closed}.
 */
public final class OtherNamespaces implements AnnotationFeature {
  private static final Setting<Boolean> ALLOWED =
      new Setting<>(
          Setting.Names.configMap("allow-cross-namespace-resources"),
          false,
          Scope.ROUTE,
          Risk.HIGH,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether an Ingress may name Secrets and ConfigMaps of other namespaces.");

  /** Whether an Ingress must not name objects of that namespace. */
  static boolean closed(Values values, Draft draft, String namespace) {
    return !namespace.equals(draft.references().namespace()) && !values.get(ALLOWED);
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(ALLOWED);
  }
}
