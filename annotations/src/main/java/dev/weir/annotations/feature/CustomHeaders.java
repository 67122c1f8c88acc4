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
import dev.weir.annotations.value.CommaList;
import dev.weir.annotations.value.ObjectName;
import dev.weir.dataplane.model.SetField;
import dev.weir.dataplane.model.SetReplyFields;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * {@code custom-headers}, {@code global-allowed-response-headers}: fields of a route's replies,
 * among those that the operator allows.
 */
public final class CustomHeaders implements AnnotationFeature {
  private static final Setting<ObjectName> HEADERS =
      new Setting<>(
          Setting.Names.annotation("custom-headers"),
          new ObjectName("", ""),
          Scope.ROUTE,
          Risk.MEDIUM,
          WhenInvalid.DENY,
          ObjectName::parse,
          "ConfigMap with fields that replies get, as they are written there.");
  private static final Setting<List<String>> ALLOWED =
      new Setting<>(
          Setting.Names.configMap("global-allowed-response-headers"),
          List.of(),
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          CommaList::parse,
          "Fields that custom-headers may set, in the case in which they are written there.");

  @Override
  public List<Setting<?>> settings() {
    return List.of(HEADERS, ALLOWED);
  }

  @Override
  public String difference(Setting<?> setting) {
    return setting.equals(HEADERS)
        ? "A ConfigMap of another namespace needs allow-cross-namespace-resources, and fields of"
            + " framing, such as Content-Length, can't be set."
        : "";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    for (var name : values.get(ALLOWED)) {
      try {
        var _ = field(name, "x");
      } catch (IllegalArgumentException e) {
        proxy.report(
            Problem.Level.WARNING,
            ALLOWED,
            "has " + name + ", which " + e.getMessage() + "; it is not allowed",
            "");
      }
    }
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    if (values.source(HEADERS) == Values.Source.DEFAULT) {
      return;
    }
    var name = values.get(HEADERS).in(route.references().namespace());
    if (OtherNamespaces.closed(values, route, name.namespace())) {
      route.refuse(HEADERS, "names ConfigMap " + name + " of another namespace");
      return;
    }
    var data = route.references().configMap(name.namespace(), name.name());
    if (data.isEmpty()) {
      route.refuse(HEADERS, "names ConfigMap " + name + ", which does not exist");
      return;
    }
    var allowed = values.get(ALLOWED);
    var fields = new ArrayList<SetField>();
    new TreeMap<>(data.get())
        .forEach(
            (field, value) -> {
              try {
                if (!allowed.contains(field)) {
                  throw new IllegalArgumentException(
                      "is not among the fields of global-allowed-response-headers");
                }
                fields.add(field(field, value));
              } catch (IllegalArgumentException e) {
                route.refuse(
                    HEADERS, "names ConfigMap " + name + ", where " + field + " " + e.getMessage());
              }
            });
    if (!fields.isEmpty()) {
      route.filter(new SetReplyFields(fields, false));
    }
  }

  private static SetField field(String name, String value) {
    if (!name.matches("[A-Za-z0-9_-]+")) {
      throw new IllegalArgumentException("is no name of a header field");
    }
    var field = SetField.verbatim(name, value);
    if (!value.matches("[ -~]+")) {
      throw new IllegalArgumentException("has a value that is empty or not all printable ASCII");
    }
    return field;
  }
}
