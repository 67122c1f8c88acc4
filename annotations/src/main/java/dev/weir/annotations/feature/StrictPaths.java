package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.PathPolicy;
import dev.weir.annotations.Setting;
import java.util.List;

/**
 * {@code strict-validate-path-type}: whether Exact and Prefix paths are of ordinary characters;
 * ConfigMap only. By itself it does nothing: the translation of paths asks {@link
 * PathPolicy#asked}.
 */
public final class StrictPaths implements AnnotationFeature {
  @Override
  public List<Setting<?>> settings() {
    return List.of(PathPolicy.STRICT);
  }

  @Override
  public String difference(Setting<?> setting) {
    return "ingress-nginx's webhook refuses such an Ingress; here it is served, with a finding.";
  }
}
