package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.Draft;
import dev.weir.annotations.HostDraft;
import dev.weir.annotations.Problem;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Raw nginx text. It has no effect; where it holds a directive that keeps somebody out, what it
 * guards is closed.
 */
public final class Snippets implements AnnotationFeature {
  /**
   * A directive that protects, at the beginning of a statement. Comments and quotes are not looked
   * through: what might protect counts as protecting; so do included files, whose text isn't known,
   * and programs that run before a request is forwarded.
   */
  private static final Pattern PROTECTS =
      Pattern.compile(
          "(?:^|[;{}])\\s*[\"']?(?:allow|deny|satisfy|return|auth\\w*|limit_except|include"
              + "|(?:access|rewrite|server_rewrite|ssl_certificate|ssl_client_hello)_by_lua\\w*"
              + "|js_access|njs_access"
              + "|secure_link\\w*|valid_referers|internal|ssl_verify\\w*|ssl_client_certificate"
              + "|proxy_ssl_verify|grpc_ssl_verify|modsecurity\\w*)\\b",
          Pattern.MULTILINE);

  private static final String WHY = "holds access rules, and snippets have no effect";

  private static final Guard SERVER = annotation("server-snippet", Scope.HOST, "of the host");
  private static final Guard LOCATION =
      annotation("configuration-snippet", Scope.ROUTE, "of the path");
  private static final List<Guard> GLOBAL =
      List.of(
          configMap("http-snippet"), configMap("server-snippet"), configMap("location-snippet"));

  private static Guard annotation(String name, Scope scope, String where) {
    return new Guard(
        Guard.text(
            Setting.Names.annotation(name), scope, Risk.CRITICAL, "nginx text " + where + "."),
        false,
        Snippets::protects);
  }

  private static Guard configMap(String key) {
    return new Guard(
        Guard.text(
            Setting.Names.configMap(key), Scope.ROUTE, Risk.CRITICAL, "nginx text for everything."),
        false,
        Snippets::protects);
  }

  private static boolean protects(String snippet) {
    return PROTECTS.matcher(snippet).find();
  }

  @Override
  public List<Setting<?>> settings() {
    return Guards.settings(SERVER, Guards.concat(LOCATION, GLOBAL));
  }

  @Override
  public Disposition disposition(Setting<?> setting) {
    return Disposition.REFUSED;
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    Guards.report(GLOBAL, WHY, values, proxy);
  }

  @Override
  public void applyHost(Values values, HostDraft host) {
    if (SERVER.asked(values)) {
      host.deny(values, SERVER.setting(), WHY);
    } else {
      reportIgnored(values, SERVER.setting(), host);
    }
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    if (LOCATION.asked(values)) {
      route.deny(values, LOCATION.setting(), WHY);
    } else {
      reportIgnored(values, LOCATION.setting(), route);
    }
    for (var guard : GLOBAL) {
      if (guard.asked(values)) {
        route.deny(values, guard.setting(), WHY);
      }
    }
  }

  private static void reportIgnored(Values values, Setting<String> setting, Draft draft) {
    if (values.source(setting) == Values.Source.ANNOTATION) {
      draft.report(
          Problem.Level.WARNING, setting, "snippets have no effect; served without it", "");
    }
  }
}
