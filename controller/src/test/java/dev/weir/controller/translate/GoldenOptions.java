package dev.weir.controller.translate;

import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.translate.TranslateOptions.References;
import dev.weir.controller.translate.TranslateOptions.Switches;
import dev.weir.controller.translate.TranslateOptions.UnenforcedProtection;
import java.util.Optional;
import java.util.Properties;

/**
 * {@code options.properties}: flags by their names, without dashes in front. Unlike the program, a
 * case serves Ingresses without class, so that manifests stay short.
 */
public final class GoldenOptions {
  private final Properties properties;

  private GoldenOptions(Properties properties) {
    this.properties = properties;
  }

  public static TranslateOptions of(Properties properties) {
    var reader = new GoldenOptions((Properties) properties.clone());
    var options = reader.options();
    if (!reader.properties.isEmpty()) {
      throw new IllegalArgumentException("unknown options: " + reader.properties.keySet());
    }
    return options;
  }

  private TranslateOptions options() {
    var byDefault = TranslateOptions.DEFAULT;
    return new TranslateOptions(
        new TranslateOptions.Classes(
            text("controller-class", byDefault.classes().controller()),
            text("ingress-class", byDefault.classes().name()),
            flag("ingress-class-by-name", false),
            flag("watch-ingress-without-class", true)),
        namespaces(),
        new References(
            key(Kind.CONFIG_MAP, "configmap"),
            key(Kind.SERVICE, "default-backend-service"),
            key(Kind.SECRET, "default-ssl-certificate"),
            Optional.of(TestCertificates.of("ingress.local"))),
        new Switches(
            flag("disable-catch-all", false),
            flag("disable-svc-external-name", false),
            flag("deep-inspect", true),
            flag("allow-loopback", false),
            text("unenforced-protection", "close").equals("warn")
                ? UnenforcedProtection.WARN
                : UnenforcedProtection.CLOSE),
        text("annotations-prefix", byDefault.annotationsPrefix()),
        text("health-check-path", byDefault.healthCheckPath()));
  }

  private WatchedNamespaces namespaces() {
    var only = text("watch-namespace", "");
    var labels = text("watch-namespace-selector", "");
    if (!labels.isEmpty()) {
      return new WatchedNamespaces.Labelled(LabelSelector.parse(labels));
    }
    return only.isEmpty() ? new WatchedNamespaces.All() : new WatchedNamespaces.Only(only);
  }

  private Optional<ObjectKey> key(Kind kind, String flag) {
    var value = text(flag, "");
    return value.isEmpty() ? Optional.empty() : Optional.of(References.key(kind, value));
  }

  private boolean flag(String flag, boolean byDefault) {
    return Boolean.parseBoolean(text(flag, Boolean.toString(byDefault)));
  }

  private String text(String flag, String byDefault) {
    return properties.remove(flag) instanceof String value ? value : byDefault;
  }
}
