package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.CommaList;
import dev.weir.annotations.value.Integers;
import dev.weir.dataplane.model.SslRedirect;
import java.util.List;

/**
 * {@code ssl-redirect}, {@code force-ssl-redirect}: plain HTTP is sent to HTTPS, unless an ACME
 * challenge is answered: certificate authorities ask for it by plain HTTP.
 */
public final class SslRedirects implements AnnotationFeature {
  private static final Setting<Boolean> WITH_TLS =
      new Setting<>(
          Setting.Names.both("ssl-redirect"),
          true,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether plain HTTP to a host with TLS is redirected to HTTPS.");

  private static final Setting<Boolean> ALWAYS =
      new Setting<>(
          Setting.Names.both("force-ssl-redirect"),
          false,
          Scope.ROUTE,
          Risk.MEDIUM,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether plain HTTP is redirected to HTTPS, TLS or not.");

  private static final Setting<Boolean> KEEP_SLASH =
      new Setting<>(
          Setting.Names.both("preserve-trailing-slash"),
          false,
          Scope.ROUTE,
          Risk.MEDIUM,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether the redirect to HTTPS keeps the slash that ends a path.");

  /** Also that of redirects between a name and its twin with {@code www.}. */
  static final Setting<Integer> STATUS =
      new Setting<>(
          Setting.Names.configMap("http-redirect-code"),
          308,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Integers.oneOf(301, 302, 307, 308),
          "Status of redirects to HTTPS.");

  private static final Setting<List<String>> EXEMPT =
      new Setting<>(
          Setting.Names.configMap("no-tls-redirect-locations"),
          List.of("/.well-known/acme-challenge"),
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          CommaList::parse,
          "Paths that begin like this are not redirected.");

  @Override
  public List<Setting<?>> settings() {
    return List.of(WITH_TLS, ALWAYS, KEEP_SLASH, STATUS, EXEMPT);
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    boolean wanted = values.get(ALWAYS) || (route.hostHasTls() && values.get(WITH_TLS));
    if (wanted && !route.forUnknownHosts() && !exempt(values, route)) {
      route.filter(
          new SslRedirect(
              values.get(STATUS), values.get(KEEP_SLASH), route.redirects().withPort()));
    }
  }

  private static boolean exempt(Values values, RouteDraft route) {
    return route.answersChallenge()
        || values.get(EXEMPT).stream().anyMatch(route.id().match().path()::startsWith);
  }
}
