package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Problem;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.ObjectName;
import dev.weir.dataplane.model.SetField;
import dev.weir.dataplane.model.SetRequestFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code proxy-set-headers}, {@code proxy-add-original-uri-header}: fields of all requests to
 * Services; ConfigMap only.
 */
public final class RequestHeaders implements AnnotationFeature {
  private static final Setting<ObjectName> SET =
      FieldMaps.key(
          "proxy-set-headers",
          "ConfigMap, as namespace/name, with fields that every forwarded request gets; variables"
              + " are allowed, an empty value takes the field away.");
  private static final Setting<Boolean> ORIGINAL_URI =
      new Setting<>(
          Setting.Names.configMap("proxy-add-original-uri-header"),
          false,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether Services get the request's target as X-Original-URI.");

  @Override
  public List<Setting<?>> settings() {
    return List.of(SET, ORIGINAL_URI);
  }

  @Override
  public String difference(Setting<?> setting) {
    return setting.equals(SET)
        ? "A field takes the place of the proxy's own of that name instead of standing beside it;"
            + " one that can't be set, such as Host or Connection, is left out with a finding."
        : "";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    var _ =
        FieldMaps.read(
            SET,
            values,
            proxy.references(),
            SetField::ofRequest,
            (field, fault) -> proxy.report(Problem.Level.ERROR, SET, fault, hint(field)));
  }

  private static String hint(String field) {
    return switch (field.toLowerCase(Locale.ROOT)) {
      case "host" -> "use the annotation upstream-vhost";
      case "connection" -> "use the annotation connection-proxy-header";
      case "" -> FieldMaps.MISSING;
      default -> "";
    };
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    var fields = new ArrayList<SetField>();
    if (values.get(ORIGINAL_URI)) {
      fields.add(SetField.ofRequest("X-Original-URI", "$request_uri"));
    }
    fields.addAll(
        FieldMaps.read(SET, values, route.references(), SetField::ofRequest, (field, fault) -> {}));
    if (!fields.isEmpty()) {
      route.filter(new SetRequestFields(fields));
    }
  }
}
