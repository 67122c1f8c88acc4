package dev.weir.annotations;

import dev.weir.annotations.feature.AccessBlocks;
import dev.weir.annotations.feature.BackendProtocol;
import dev.weir.annotations.feature.BasicAuthentication;
import dev.weir.annotations.feature.BodySize;
import dev.weir.annotations.feature.Canary;
import dev.weir.annotations.feature.ClientCertificates;
import dev.weir.annotations.feature.ClientConnections;
import dev.weir.annotations.feature.Destination;
import dev.weir.annotations.feature.ErrorReplacement;
import dev.weir.annotations.feature.ExternalAuthentication;
import dev.weir.annotations.feature.ForwardedFields;
import dev.weir.annotations.feature.LoadBalance;
import dev.weir.annotations.feature.ModSecurity;
import dev.weir.annotations.feature.NextUpstream;
import dev.weir.annotations.feature.OtherNamespaces;
import dev.weir.annotations.feature.Passthrough;
import dev.weir.annotations.feature.ProxyTimeouts;
import dev.weir.annotations.feature.Satisfy;
import dev.weir.annotations.feature.Snippets;
import dev.weir.annotations.feature.SourceRanges;
import dev.weir.annotations.feature.SslRedirects;
import dev.weir.annotations.feature.UpstreamKeepalive;
import dev.weir.annotations.feature.UpstreamVerification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** All features, and all names that users may meet. Immutable. */
public final class AnnotationCatalog {
  private final List<AnnotationFeature> features;
  private final List<Setting<?>> settings = new ArrayList<>();
  private final Map<String, Setting<?>> byAnnotation = new TreeMap<>();
  private final Map<String, Setting<?>> byConfigMapKey = new TreeMap<>();

  /** A catalogue of some features. */
  public AnnotationCatalog(List<AnnotationFeature> features) {
    this.features = List.copyOf(features);
    settings.add(AnnotationPolicy.HIGHEST_RISK);
    settings.add(AnnotationPolicy.BLOCKED_WORDS);
    features.forEach(feature -> settings.addAll(feature.settings()));
    for (var setting : settings) {
      setting.names().annotations().forEach(name -> enter(byAnnotation, name, setting));
      if (!setting.names().configMapKey().isEmpty()) {
        enter(byConfigMapKey, setting.names().configMapKey(), setting);
      }
    }
  }

  private static void enter(Map<String, Setting<?>> names, String name, Setting<?> setting) {
    if (names.put(name, setting) != null) {
      throw new IllegalArgumentException(name + " is declared twice");
    }
  }

  /** Everything that Weir knows, in the order in which features act. */
  public static AnnotationCatalog standard() {
    return new AnnotationCatalog(
        List.of(
            new Canary(),
            new Destination(),
            new ClientCertificates(),
            new Passthrough(),
            new Snippets(),
            new SourceRanges(),
            new BasicAuthentication(),
            new ExternalAuthentication(),
            new Satisfy(),
            new ErrorReplacement(),
            new AccessBlocks(),
            new ModSecurity(),
            new UpstreamVerification(),
            new BackendProtocol(),
            new LoadBalance(),
            new SslRedirects(),
            new OtherNamespaces(),
            new BodySize(),
            new ProxyTimeouts(),
            new NextUpstream(),
            new ForwardedFields(),
            new ClientConnections(),
            new UpstreamKeepalive()));
  }

  /** The features in the order in which they act. */
  public List<AnnotationFeature> features() {
    return features;
  }

  /** Every declared setting. */
  public List<Setting<?>> settings() {
    return List.copyOf(settings);
  }

  /** What the annotation (without prefix) sets. */
  public Optional<Setting<?>> byAnnotation(String name) {
    return Optional.ofNullable(byAnnotation.get(name));
  }

  /** What the ConfigMap key sets. */
  public Optional<Setting<?>> byConfigMapKey(String key) {
    return Optional.ofNullable(byConfigMapKey.get(key));
  }

  /** The known annotation most like {@code name}, if one is like it. */
  public Optional<String> nearestAnnotation(String name) {
    var known = new TreeSet<>(byAnnotation.keySet());
    known.addAll(KnownNames.PENDING_ANNOTATIONS.keySet());
    return Similarity.nearest(name, known);
  }

  /** The known ConfigMap key most like {@code key}, if one is like it. */
  public Optional<String> nearestConfigMapKey(String key) {
    var known = new TreeSet<>(byConfigMapKey.keySet());
    known.addAll(KnownNames.PENDING_KEYS);
    return Similarity.nearest(key, known);
  }
}
