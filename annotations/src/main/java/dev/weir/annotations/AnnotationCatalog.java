package dev.weir.annotations;

import dev.weir.annotations.feature.AccessBlocks;
import dev.weir.annotations.feature.AccessLogs;
import dev.weir.annotations.feature.ApplicationRoot;
import dev.weir.annotations.feature.BackendProtocol;
import dev.weir.annotations.feature.BasicAuthentication;
import dev.weir.annotations.feature.BodySize;
import dev.weir.annotations.feature.Buffering;
import dev.weir.annotations.feature.Canary;
import dev.weir.annotations.feature.ClientCertificates;
import dev.weir.annotations.feature.ClientConnections;
import dev.weir.annotations.feature.ClientHttp2;
import dev.weir.annotations.feature.CookieRewriting;
import dev.weir.annotations.feature.CrossOrigin;
import dev.weir.annotations.feature.CustomHeaders;
import dev.weir.annotations.feature.ErrorReplacement;
import dev.weir.annotations.feature.ExternalAuthentication;
import dev.weir.annotations.feature.ForwardedFields;
import dev.weir.annotations.feature.LoadBalance;
import dev.weir.annotations.feature.ModSecurity;
import dev.weir.annotations.feature.NextUpstream;
import dev.weir.annotations.feature.OcspStapling;
import dev.weir.annotations.feature.OtherNamespaces;
import dev.weir.annotations.feature.Passthrough;
import dev.weir.annotations.feature.PrefixRewriting;
import dev.weir.annotations.feature.ProxyTimeouts;
import dev.weir.annotations.feature.RedirectForm;
import dev.weir.annotations.feature.RedirectRewriting;
import dev.weir.annotations.feature.Redirects;
import dev.weir.annotations.feature.ReplyCompression;
import dev.weir.annotations.feature.ReplyHeaders;
import dev.weir.annotations.feature.ReplyRates;
import dev.weir.annotations.feature.RequestHeaders;
import dev.weir.annotations.feature.RequestLimits;
import dev.weir.annotations.feature.RequestTracing;
import dev.weir.annotations.feature.Rewriting;
import dev.weir.annotations.feature.Satisfy;
import dev.weir.annotations.feature.ServerAliases;
import dev.weir.annotations.feature.ServiceAddress;
import dev.weir.annotations.feature.Snippets;
import dev.weir.annotations.feature.SourceRanges;
import dev.weir.annotations.feature.SslRedirects;
import dev.weir.annotations.feature.StrictPaths;
import dev.weir.annotations.feature.StrictTransport;
import dev.weir.annotations.feature.TlsCiphers;
import dev.weir.annotations.feature.TlsGroups;
import dev.weir.annotations.feature.TlsSessions;
import dev.weir.annotations.feature.TlsVersions;
import dev.weir.annotations.feature.UnknownServerNames;
import dev.weir.annotations.feature.UnspokenTls;
import dev.weir.annotations.feature.UpstreamKeepalive;
import dev.weir.annotations.feature.UpstreamName;
import dev.weir.annotations.feature.UpstreamRequests;
import dev.weir.annotations.feature.UpstreamVerification;
import dev.weir.annotations.feature.WwwRedirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All features, and all names that users may meet. Immutable. */
public final class AnnotationCatalog {
  private static final String ANY_END = "*";

  private final List<AnnotationFeature> features;
  private final List<Family> families;
  private final List<Setting<?>> settings = new ArrayList<>();
  private final Map<String, Setting<?>> byAnnotation = new TreeMap<>();
  private final Map<String, Setting<?>> byConfigMapKey = new TreeMap<>();

  /** A catalogue of some features. */
  public AnnotationCatalog(List<AnnotationFeature> features) {
    this(features, List.of());
  }

  /** A catalogue of some features, and of names that none of them declares. */
  public AnnotationCatalog(List<AnnotationFeature> features, List<Family> families) {
    this.features = List.copyOf(features);
    this.families = List.copyOf(families);
    settings.add(AnnotationPolicy.HIGHEST_RISK);
    settings.add(AnnotationPolicy.BLOCKED_WORDS);
    features.forEach(feature -> settings.addAll(feature.settings()));
    families.forEach(family -> settings.addAll(family.settings()));
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
            new RequestTracing(),
            new Canary(),
            new ServerAliases(),
            new WwwRedirect(),
            new ApplicationRoot(),
            new RedirectForm(),
            new Redirects(),
            new Rewriting(),
            new PrefixRewriting(),
            new UpstreamName(),
            new StrictTransport(),
            new RedirectRewriting(),
            new CookieRewriting(),
            new ReplyHeaders(),
            new CustomHeaders(),
            new RequestHeaders(),
            new UpstreamRequests(),
            new ClientCertificates(),
            new Passthrough(),
            new Snippets(),
            new SourceRanges(),
            new CrossOrigin(),
            new BasicAuthentication(),
            new ExternalAuthentication(),
            new Satisfy(),
            new ErrorReplacement(),
            new AccessBlocks(),
            new ModSecurity(),
            new UpstreamVerification(),
            new BackendProtocol(),
            new LoadBalance(),
            new ServiceAddress(),
            new SslRedirects(),
            new OtherNamespaces(),
            new RequestLimits(),
            new ReplyRates(),
            new ReplyCompression(),
            new Buffering(),
            new BodySize(),
            new ProxyTimeouts(),
            new NextUpstream(),
            new ForwardedFields(),
            new ClientConnections(),
            new ClientHttp2(),
            new StrictPaths(),
            new UpstreamKeepalive(),
            new AccessLogs(),
            new TlsVersions(),
            new TlsCiphers(),
            new TlsGroups(),
            new TlsSessions(),
            new UnknownServerNames(),
            new OcspStapling(),
            new UnspokenTls()),
        Families.all());
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
    return find(byAnnotation, name);
  }

  /** What the ConfigMap key sets. */
  public Optional<Setting<?>> byConfigMapKey(String key) {
    return find(byConfigMapKey, key);
  }

  private static Optional<Setting<?>> find(Map<String, Setting<?>> names, String name) {
    var exact = names.get(name);
    if (exact != null) {
      return Optional.of(exact);
    }
    return names.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith(ANY_END))
        .filter(entry -> name.startsWith(entry.getKey().replace(ANY_END, "")))
        .<Setting<?>>map(Map.Entry::getValue)
        .findFirst();
  }

  /** The family of a setting that no feature declares. */
  public Optional<Family> family(Setting<?> setting) {
    return families.stream().filter(family -> family.entry(setting).isPresent()).findFirst();
  }

  /** The feature that declares a setting. */
  public Optional<AnnotationFeature> feature(Setting<?> setting) {
    return features.stream().filter(feature -> feature.settings().contains(setting)).findFirst();
  }

  /** What a setting is good for. */
  public Disposition disposition(Setting<?> setting) {
    return family(setting)
        .map(Family::disposition)
        .or(() -> feature(setting).map(feature -> feature.disposition(setting)))
        .orElse(Disposition.WORKS);
  }

  /** The known annotation most like {@code name}, if one is like it. */
  public Optional<String> nearestAnnotation(String name) {
    return Similarity.nearest(name, byAnnotation.keySet());
  }

  /** The known ConfigMap key most like {@code key}, if one is like it. */
  public Optional<String> nearestConfigMapKey(String key) {
    return Similarity.nearest(key, byConfigMapKey.keySet());
  }
}
