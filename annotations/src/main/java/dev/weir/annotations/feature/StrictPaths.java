package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.PathPolicy;
import dev.weir.annotations.Setting;
import java.util.List;

/**
 * {@code strict-validate-path-type}: whether Exact and Prefix paths are of ordinary characters;
 * ConfigMap only. By itself it does nothing: the translation of paths asks {@link
 * PathPolicy#asked}. The admission webhook refuses what it complains of.
 */
public final class StrictPaths implements AnnotationFeature {
  @Override
  public List<Setting<?>> settings() {
    return List.of(PathPolicy.STRICT);
  }
}
