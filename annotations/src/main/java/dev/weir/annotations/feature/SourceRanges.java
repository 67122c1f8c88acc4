package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.AddressList;
import dev.weir.dataplane.model.AddressAccess;
import java.util.List;

/**
 * Lists of client addresses that may or may not enter. A list that is present and empty lets nobody
 * in. As in ingress-nginx, {@code block-cidrs} holds where a route has neither list.
 */
public final class SourceRanges implements AnnotationFeature {
  private static final Setting<String> ALLOWED =
      list(
          new Setting.Names(
              "allowlist-source-range",
              "whitelist-source-range",
              List.of("whitelist-source-range")),
          Risk.MEDIUM,
          "Client addresses that may enter; all others get 403.");
  private static final Setting<String> DENIED =
      list(
          Setting.Names.both("denylist-source-range"),
          Risk.MEDIUM,
          "Client addresses that get 403, allowed or not.");
  private static final Setting<String> BLOCKED =
      list(
          Setting.Names.configMap("block-cidrs"),
          Risk.HIGH,
          "Client addresses that get 403 on every route without a list of its own.");

  private static Setting<String> list(Setting.Names names, Risk risk, String doc) {
    return new Setting<>(names, "", Scope.ROUTE, risk, WhenInvalid.DENY, AddressList::parse, doc);
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(ALLOWED, DENIED, BLOCKED);
  }

  @Override
  public String difference(Setting<?> setting) {
    return setting.equals(BLOCKED)
        ? "A list that can't be read closes the routes that it is for (503)."
        : "In the ConfigMap, a list that can't be read closes the routes that it is for (503).";
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    for (var list : List.of(ALLOWED, DENIED)) {
      if (values.blank(list)) {
        route.refuse(list, "is empty");
      }
    }
    var allowed = values.get(ALLOWED);
    var denied = values.get(DENIED);
    if (allowed.isEmpty() && denied.isEmpty()) {
      denied = values.get(BLOCKED);
    }
    if (!allowed.isEmpty() || !denied.isEmpty()) {
      route.filter(new AddressAccess(denied, allowed));
    }
  }
}
