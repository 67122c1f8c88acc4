package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import java.util.List;

/** {@code auth-type} and its companions: user name and password. Not enforced yet: closes. */
public final class BasicAuthentication implements AnnotationFeature {
  private static final Guard SECRET =
      Guard.any(
          Setting.Names.annotation("auth-secret"),
          Scope.ROUTE,
          Risk.MEDIUM,
          "Secret with user names and password hashes: name or namespace/name.");

  private static final List<Guard> OTHERS =
      List.of(
          Guard.any(
              Setting.Names.annotation("auth-type"),
              Scope.ROUTE,
              Risk.LOW,
              "basic or digest: who wants in needs a password."),
          Guard.any(
              Setting.Names.annotation("auth-secret-type"),
              Scope.ROUTE,
              Risk.LOW,
              "auth-file or auth-map: how the Secret is laid out."),
          Guard.any(
              Setting.Names.annotation("auth-realm"),
              Scope.ROUTE,
              Risk.MEDIUM,
              "Realm that the browser shows."));

  @Override
  public List<Setting<?>> settings() {
    return Guards.settings(SECRET, OTHERS);
  }

  @Override
  public Disposition disposition(Setting<?> setting) {
    return Disposition.LATER;
  }

  @Override
  public boolean closes(Setting<?> setting) {
    return true;
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    if (ExternalAuthentication.exempt(values, route)) {
      return;
    }
    if (SECRET.asked(values)) {
      route.deny(values, SECRET.setting(), whyNot(values, route));
    }
    for (var guard : OTHERS) {
      if (guard.asked(values)) {
        route.deny(values, guard.setting(), Guard.NOT_YET);
      }
    }
  }

  private static String whyNot(Values values, RouteDraft route) {
    var name = values.get(SECRET.setting());
    int slash = name.indexOf('/');
    var namespace = slash < 0 ? route.references().namespace() : name.substring(0, slash);
    var secret = name.substring(slash + 1);
    return route.references().secretExists(namespace, secret)
        ? Guard.NOT_YET
        : "names Secret " + namespace + "/" + secret + ", which does not exist";
  }
}
