package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.CommaList;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code auth-url} and its companions, and the ConfigMap's {@code global-auth-url}: a service that
 * is asked before each request. Not enforced yet: closes.
 */
public final class ExternalAuthentication implements AnnotationFeature {
  private static final List<Guard> GUARDS = guards();

  private static final Guard GLOBAL =
      Guard.any(
          Setting.Names.configMap("global-auth-url"),
          Scope.ROUTE,
          Risk.HIGH,
          "auth-url of every route that has none and doesn't set enable-global-auth to false.");

  private static final Setting<Boolean> ENABLE_GLOBAL =
      new Setting<>(
          Setting.Names.annotation("enable-global-auth"),
          true,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether the ConfigMap's global-auth-url holds here.");

  private static final Setting<List<String>> EXEMPT =
      new Setting<>(
          Setting.Names.configMap("no-auth-locations"),
          List.of("/.well-known/acme-challenge"),
          Scope.ROUTE,
          Risk.HIGH,
          WhenInvalid.DEFAULT,
          CommaList::parse,
          "Paths that begin like this need no authentication.");

  private static List<Guard> guards() {
    var guards = new ArrayList<Guard>();
    guards.addAll(
        Guard.annotations(
            Scope.ROUTE,
            Risk.HIGH,
            "Where to ask, and where to sign in.",
            "auth-url",
            "auth-signin"));
    guards.addAll(
        Guard.annotations(
            Scope.ROUTE,
            Risk.MEDIUM,
            "How the authentication service is asked and its answer used.",
            "auth-signin-redirect-param",
            "auth-response-headers",
            "auth-proxy-set-headers",
            "auth-request-redirect",
            "auth-cache-key",
            "auth-cache-duration"));
    guards.addAll(
        Guard.annotations(
            Scope.ROUTE,
            Risk.LOW,
            "How the authentication service is reached.",
            "auth-method",
            "auth-keepalive",
            "auth-keepalive-requests",
            "auth-keepalive-timeout",
            "auth-keepalive-share-vars",
            "auth-always-set-cookie"));
    guards.addAll(
        Guard.annotations(
            Scope.ROUTE,
            Risk.CRITICAL,
            "nginx text for the authentication request.",
            "auth-snippet"));
    return guards;
  }

  /** Whether a route needs no authentication whatever else is set. */
  static boolean exempt(Values values, RouteDraft route) {
    var path = route.id().match().path();
    return values.get(EXEMPT).stream().anyMatch(path::startsWith);
  }

  @Override
  public List<Setting<?>> settings() {
    var settings = new ArrayList<>(Guards.settings(GLOBAL, GUARDS));
    settings.add(ENABLE_GLOBAL);
    settings.add(EXEMPT);
    return settings;
  }

  @Override
  public Disposition disposition(Setting<?> setting) {
    return setting == EXEMPT || setting == ENABLE_GLOBAL ? Disposition.WORKS : Disposition.LATER;
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    Guards.report(List.of(GLOBAL), Guard.NOT_YET, values, proxy);
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    if (exempt(values, route)) {
      return;
    }
    Guards.close(GUARDS, values, route);
    if (values.get(ENABLE_GLOBAL) && GLOBAL.asked(values)) {
      route.deny(values, GLOBAL.setting(), Guard.NOT_YET);
    }
  }
}
