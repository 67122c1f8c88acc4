package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.Problem;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.CacheDurations;
import dev.weir.annotations.value.CommaList;
import dev.weir.annotations.value.FieldNames;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.annotations.value.ObjectName;
import dev.weir.annotations.value.Templates;
import dev.weir.dataplane.model.ExternalAuth;
import dev.weir.dataplane.model.ExternalAuth.Lifetime;
import dev.weir.dataplane.model.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code auth-url} and its companions, and the ConfigMap's {@code global-auth-url} with its own: a
 * service that is asked before each request. A route with an {@code auth-url} of its own has
 * nothing of the global one.
 */
public final class ExternalAuthentication implements AnnotationFeature {
  private static final Template NONE = Template.literal("");

  private static final AuthOption<Template> URL =
      AuthOption.of(
          "url",
          NONE,
          Risk.HIGH,
          WhenInvalid.DENY,
          Templates::url,
          "The service that is asked before each request; 2xx lets it pass.");

  private static final AuthOption<String> METHOD =
      AuthOption.of(
          "method",
          "GET",
          Risk.LOW,
          WhenInvalid.DENY,
          ExternalAuthentication::method,
          "The method that the service is asked with.");

  private static final AuthOption<Template> SIGN_IN =
      AuthOption.of(
          "signin",
          NONE,
          Risk.HIGH,
          WhenInvalid.DEFAULT,
          Templates::location,
          "Where a request that gets 401 is redirected to.");

  private static final AuthOption<String> SIGN_IN_PARAMETER =
      AuthOption.of(
          "signin-redirect-param",
          "rd",
          Risk.MEDIUM,
          WhenInvalid.DEFAULT,
          ExternalAuthentication::parameter,
          "The sign-in URL's parameter that says where the request wanted to go.");

  private static final AuthOption<List<String>> RESPONSE_HEADERS =
      AuthOption.of(
          "response-headers",
          List.of(),
          Risk.MEDIUM,
          WhenInvalid.DENY,
          FieldNames::parse,
          "Fields of the service's answer that replace those of the request.");

  private static final AuthOption<Template> REDIRECT =
      AuthOption.of(
          "request-redirect",
          NONE,
          Risk.MEDIUM,
          WhenInvalid.DENY,
          Templates::location,
          "What X-Auth-Request-Redirect says in place of the request's target.");

  private static final AuthOption<Template> CACHE_KEY =
      AuthOption.of(
          "cache-key",
          NONE,
          Risk.MEDIUM,
          WhenInvalid.DEFAULT,
          Templates::parse,
          "Answers are kept by this value; without it every request asks.");

  private static final AuthOption<List<Lifetime>> CACHE_DURATION =
      AuthOption.of(
          "cache-duration",
          List.of(new Lifetime(Set.of(200, 202, 401), Duration.ofMinutes(5))),
          Risk.MEDIUM,
          WhenInvalid.DENY,
          CacheDurations::parse,
          "How long answers are kept, by status.");

  private static final AuthOption<Boolean> ALWAYS_SET_COOKIE =
      AuthOption.of(
          "always-set-cookie",
          false,
          Risk.LOW,
          WhenInvalid.DENY,
          Booleans::parse,
          "Whether the service's cookies go with replies of any status.");

  private static final List<AuthOption<?>> OPTIONS =
      List.of(
          URL,
          METHOD,
          SIGN_IN,
          SIGN_IN_PARAMETER,
          RESPONSE_HEADERS,
          REDIRECT,
          CACHE_KEY,
          CACHE_DURATION,
          ALWAYS_SET_COOKIE);

  private static final Setting<ObjectName> SET_HEADERS =
      new Setting<>(
          Setting.Names.annotation("auth-proxy-set-headers"),
          new ObjectName("", ""),
          Scope.ROUTE,
          Risk.MEDIUM,
          WhenInvalid.DENY,
          ObjectName::parse,
          "ConfigMap with fields that are set when the service is asked.");

  private static final Guard SNIPPET =
      Guard.any(
          Setting.Names.annotation("auth-snippet"),
          Scope.ROUTE,
          Risk.CRITICAL,
          "nginx text for the authentication request.");

  private static final Guard GLOBAL_SNIPPET =
      Guard.any(
          Setting.Names.configMap("global-auth-snippet"),
          Scope.ROUTE,
          Risk.CRITICAL,
          "nginx text for the authentication request.");

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

  /** Whether a route needs no authentication whatever else is set. */
  static boolean exempt(Values values, RouteDraft route) {
    var path = route.id().match().path();
    return values.get(EXEMPT).stream().anyMatch(path::startsWith);
  }

  private static String method(String text) throws InvalidValueException {
    return switch (text) {
      case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> text;
      default -> throw new InvalidValueException("GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS");
    };
  }

  private static String parameter(String text) throws InvalidValueException {
    if (!text.matches("[A-Za-z0-9._~-]+")) {
      throw new InvalidValueException("a parameter's name");
    }
    return text;
  }

  @Override
  public List<Setting<?>> settings() {
    var settings = new ArrayList<Setting<?>>();
    OPTIONS.forEach(option -> settings.addAll(option.settings()));
    settings.addAll(AuthConnections.settings());
    settings.addAll(
        List.of(SET_HEADERS, SNIPPET.setting(), GLOBAL_SNIPPET.setting(), ENABLE_GLOBAL, EXEMPT));
    return settings;
  }

  @Override
  public Disposition disposition(Setting<?> setting) {
    return setting.equals(SNIPPET.setting()) || setting.equals(GLOBAL_SNIPPET.setting())
        ? Disposition.REFUSED
        : AuthConnections.disposition(setting);
  }

  @Override
  public boolean closes(Setting<?> setting) {
    return true;
  }

  @Override
  public String difference(Setting<?> setting) {
    if (setting.equals(URL.own()) || setting.equals(URL.global())) {
      return "The client's own X-Forwarded-Uri, -Method, -Path, -Prefix and Forwarded don't reach"
          + " the service, and X-Original-URI is always set.";
    }
    if (setting.equals(CACHE_KEY.own()) || setting.equals(CACHE_KEY.global())) {
      return "An answer that sets a cookie, or whose Cache-Control forbids it, is not kept.";
    }
    return AuthConnections.difference(setting);
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    if (URL.isSet(values, true)) {
      for (var option : OPTIONS) {
        var fault = option.globalFault(values);
        if (!fault.isEmpty()) {
          proxy.closesEverything(option.global(), fault);
        }
      }
      Guards.report(List.of(GLOBAL_SNIPPET), Guard.NOT_YET, values, proxy);
    }
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    if (exempt(values, route)) {
      return;
    }
    if (URL.isSet(values, false)) {
      Guards.close(List.of(SNIPPET), values, route);
      var fields = fields(values, route);
      route.filter(auth(values, route, false, fields));
    } else if (values.get(ENABLE_GLOBAL) && URL.isSet(values, true)) {
      closeUnreadable(values, route);
      if (URL.globalFault(values).isEmpty()) {
        route.filter(auth(values, route, true, List.of()));
      }
    } else if (SIGN_IN.isSet(values, false)) {
      route.report(
          Problem.Level.WARNING,
          SIGN_IN.own(),
          "has no effect without auth-url",
          "set auth-url, or remove it");
    }
  }

  private static void closeUnreadable(Values values, RouteDraft route) {
    for (var option : OPTIONS) {
      var fault = option.globalFault(values);
      if (!fault.isEmpty()) {
        route.deny(values, option.global(), fault);
      }
    }
    Guards.close(List.of(GLOBAL_SNIPPET), values, route);
  }

  @SuppressWarnings("NullAway") // Question takes null; the class file of its constructor lost that
  private static ExternalAuth auth(
      Values values, RouteDraft route, boolean global, List<ExternalAuth.Field> fields) {
    var redirect = REDIRECT.get(values, global);
    var key = CACHE_KEY.get(values, global);
    return new ExternalAuth(
        route.id(),
        new ExternalAuth.Question(
            URL.get(values, global),
            METHOD.get(values, global),
            redirect.parts().isEmpty()
                ? new Template(List.of(Template.Variable.REQUEST_URI))
                : redirect,
            fields,
            global ? null : AuthConnections.of(values)),
        new ExternalAuth.Answer(
            RESPONSE_HEADERS.get(values, global), ALWAYS_SET_COOKIE.get(values, global)),
        signIn(SIGN_IN.get(values, global), SIGN_IN_PARAMETER.get(values, global)),
        key.parts().isEmpty()
            ? null
            : new ExternalAuth.Caching(key, CACHE_DURATION.get(values, global)));
  }

  /** The sign-in URL with the parameter that tells where to come back to. */
  private static @Nullable Template signIn(Template url, String parameter) {
    if (url.parts().isEmpty()) {
      return null;
    }
    var text = url.text();
    int query = text.indexOf('?');
    if (query >= 0) {
      for (var pair : text.substring(query + 1).split("&", -1)) {
        if (pair.startsWith(parameter + "=") && pair.length() > parameter.length() + 1) {
          return url;
        }
      }
    }
    var between = query < 0 ? "?" : query == text.length() - 1 ? "" : "&";
    var parts = new ArrayList<>(url.parts());
    parts.add(new Template.Literal(between + parameter + "="));
    parts.addAll(
        List.of(
            Template.Variable.SCHEME,
            new Template.Literal("://"),
            Template.Variable.HTTP_HOST,
            Template.Variable.ESCAPED_REQUEST_URI));
    return new Template(parts);
  }

  /** The fields of the ConfigMap that auth-proxy-set-headers names. */
  private static List<ExternalAuth.Field> fields(Values values, RouteDraft route) {
    if (values.source(SET_HEADERS) == Values.Source.DEFAULT) {
      return List.of();
    }
    var name = values.get(SET_HEADERS).in(route.references().namespace());
    if (OtherNamespaces.closed(values, route, name.namespace())) {
      route.refuse(SET_HEADERS, "names ConfigMap " + name + " of another namespace");
      return List.of();
    }
    var data = route.references().configMap(name.namespace(), name.name());
    if (data.isEmpty()) {
      route.refuse(SET_HEADERS, "names ConfigMap " + name + ", which does not exist");
      return List.of();
    }
    var fields = new ArrayList<ExternalAuth.Field>();
    new TreeMap<>(data.get()).forEach((field, value) -> addField(field, value, route, fields));
    return fields;
  }

  private static void addField(
      String name, String value, RouteDraft route, List<ExternalAuth.Field> fields) {
    if (!name.matches("[A-Za-z0-9_-]+")) {
      route.refuse(SET_HEADERS, "has " + name + ", which is no name of a header field");
      return;
    }
    try {
      fields.add(
          new ExternalAuth.Field(name.toLowerCase(Locale.ROOT), Templates.parse(value.strip())));
    } catch (InvalidValueException e) {
      route.refuse(SET_HEADERS, "has no valid value for " + name + " (" + e.expected() + ")");
    }
  }
}
