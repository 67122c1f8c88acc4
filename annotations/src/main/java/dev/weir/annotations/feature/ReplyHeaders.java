package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Problem;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.References;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.CommaList;
import dev.weir.annotations.value.ObjectName;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.HiddenFields;
import dev.weir.dataplane.model.ServerField;
import dev.weir.dataplane.model.SetField;
import dev.weir.dataplane.model.SetReplyFields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/**
 * {@code add-headers}, {@code hide-headers}, {@code server-tokens} and {@code
 * allow-backend-server-header}: fields of all replies; ConfigMap only.
 */
public final class ReplyHeaders implements AnnotationFeature {
  private static final String SERVER = "server";

  private static final Setting<ObjectName> ADDED =
      FieldMaps.key(
          "add-headers",
          "ConfigMap, as namespace/name, with fields that every reply gets; variables are"
              + " allowed.");
  private static final Setting<List<String>> HIDDEN =
      key(
          "hide-headers",
          List.of(),
          CommaList::parse,
          "Fields of Services' replies that clients don't see.");
  private static final Setting<Boolean> OWN_SERVER =
      key(
          "server-tokens",
          false,
          Booleans::parse,
          "Whether replies carry a Server field of the proxy's.");
  private static final Setting<Boolean> BACKENDS_SERVER =
      key(
          "allow-backend-server-header",
          false,
          Booleans::parse,
          "Whether Services' Server field is passed on.");

  private static <T> Setting<T> key(String name, T byDefault, ValueParser<T> parser, String doc) {
    return new Setting<>(
        Setting.Names.configMap(name),
        byDefault,
        Scope.ROUTE,
        Risk.LOW,
        WhenInvalid.DEFAULT,
        parser,
        doc);
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(ADDED, HIDDEN, OWN_SERVER, BACKENDS_SERVER);
  }

  @Override
  public String difference(Setting<?> setting) {
    if (setting.equals(ADDED)) {
      return "A field that can't be set, such as Connection, is left out with a finding; there"
          + " nginx refuses its whole configuration. Replies to what is no request don't get"
          + " the fields.";
    }
    if (setting.equals(OWN_SERVER)) {
      return "The field says weir, without a version, and pages of the proxy never name it.";
    }
    return setting.equals(BACKENDS_SERVER)
        ? "It has its effect whatever server-tokens says; there it needs that, too."
        : "";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    var _ =
        FieldMaps.read(
            ADDED,
            values,
            proxy.references(),
            SetField::ofReply,
            (field, fault) ->
                proxy.report(
                    Problem.Level.ERROR, ADDED, fault, field.isEmpty() ? FieldMaps.MISSING : ""));
    for (var name : values.get(HIDDEN)) {
      var fault = faultOf(name);
      if (!fault.isEmpty()) {
        proxy.report(
            Problem.Level.ERROR, HIDDEN, "has " + name + ", which " + fault + "; it stays", "");
      }
    }
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    var hidden = new LinkedHashSet<String>();
    for (var name : values.get(HIDDEN)) {
      if (faultOf(name).isEmpty()) {
        hidden.add(name.toLowerCase(Locale.ROOT));
      }
    }
    boolean hidesServer = hidden.remove(SERVER);
    if (!hidden.isEmpty()) {
      route.filter(new HiddenFields(List.copyOf(hidden)));
    }
    filters(values, route.references(), !hidesServer).forEach(route::filter);
  }

  /** What holds for replies that no backend has a say in. */
  static List<FilterSettings> everywhere(Values values, References references) {
    return filters(values, references, false);
  }

  private static List<FilterSettings> filters(
      Values values, References references, boolean backends) {
    var filters = new ArrayList<FilterSettings>();
    var server = new ServerField(backends && values.get(BACKENDS_SERVER), values.get(OWN_SERVER));
    if (server.backends() || server.ours()) {
      filters.add(server);
    }
    var added = FieldMaps.read(ADDED, values, references, SetField::ofReply, (field, fault) -> {});
    if (!added.isEmpty()) {
      filters.add(new SetReplyFields(added, true));
    }
    return filters;
  }

  /** Why a field can't be hidden; empty if it can. */
  private static String faultOf(String name) {
    try {
      SetField.checkReplyName(name);
      return "";
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
