package dev.weir.controller.translate;

import dev.weir.annotations.AnnotationCatalog;
import dev.weir.annotations.ConfigMapReader;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.ReadSettings;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.ConfigMapResource;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Severity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the controller's ConfigMap and the default certificate. */
public final class SettingsTranslator {
  private final TranslateOptions options;
  private final AnnotationCatalog catalog = AnnotationCatalog.standard();
  private final ConfigMapReader reader = new ConfigMapReader(catalog);
  private final Certificates certificates = new Certificates();

  /** Translates under the flags in {@code options}. */
  public SettingsTranslator(TranslateOptions options) {
    this.options = options;
  }

  /** What holds for the whole proxy now. */
  public SettingsResult translate(ClusterView view) {
    var findings = new Findings();
    var key = options.references().settings();
    var map = key.flatMap(name -> configMap(name, view));
    var draft = new ProxyDraft(options.draftContext("", view));
    var settings = ReadSettings.withoutIngress(name -> value(map, name));
    catalog.features().forEach(feature -> feature.applyProxy(settings, draft));
    map.ifPresent(
        found -> {
          findings.addProblems(found.ref(), reader.problems(found.data()));
          findings.addProblems(found.ref(), draft.problems());
        });
    if (key.isPresent() && map.isEmpty()) {
      findings.add(
          new Finding(
              Severity.WARNING,
              new ObjectRef(key.get(), ""),
              "",
              "not found, but --configmap names it; defaults hold",
              ""));
    }
    var shown = DefaultCertificate.find(options, certificates, view, findings);
    return new SettingsResult(
        draft.settings(), shown.certificate(), shown.secret(), findings.list());
  }

  private static Optional<ConfigMapResource> configMap(ObjectKey key, ClusterView view) {
    return Optional.ofNullable(view.configMap(key.namespace(), key.name()));
  }

  private static @Nullable String value(Optional<ConfigMapResource> map, String key) {
    return map.isPresent() ? map.get().data().get(key) : null;
  }
}
