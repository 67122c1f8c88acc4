package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Problem;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.annotations.value.ObjectName;
import dev.weir.annotations.value.PasswordFile;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.BasicAuth;
import dev.weir.dataplane.model.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * {@code auth-type} and its companions (ingress-nginx.md 1.3, 15 to 18): user name and password.
 */
public final class BasicAuthentication implements AnnotationFeature {
  private static final ObjectName NO_SECRET = new ObjectName("", "");
  private static final int MOST_SHOWN = 3;
  private static final String FILE_KEY = "auth";
  private static final Pattern REALM = Pattern.compile("[A-Za-z0-9._~/: -]*");

  /** Who is asked how. */
  private enum Type {
    NONE,
    BASIC,
    DIGEST
  }

  /** How a Secret is laid out. */
  private enum Layout {
    FILE,
    MAP
  }

  private static final Setting<Type> TYPE =
      new Setting<>(
          Setting.Names.annotation("auth-type"),
          Type.NONE,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DROP,
          word(Map.of("basic", Type.BASIC, "digest", Type.DIGEST), "basic"),
          "basic: who wants in needs a user name and a password; digest is refused.");
  private static final Setting<ObjectName> SECRET =
      new Setting<>(
          Setting.Names.annotation("auth-secret"),
          NO_SECRET,
          Scope.ROUTE,
          Risk.MEDIUM,
          WhenInvalid.DENY,
          ObjectName::parse,
          "Secret with user names and password hashes: name or namespace/name.");
  private static final Setting<Layout> LAYOUT =
      new Setting<>(
          Setting.Names.annotation("auth-secret-type"),
          Layout.FILE,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DROP,
          word(Map.of("auth-file", Layout.FILE, "auth-map", Layout.MAP), "auth-file or auth-map"),
          "auth-file: the Secret has an htpasswd file under auth, or under its only key; auth-map:"
              + " its keys are user names, its values hashes.");
  private static final Setting<String> SHOWN_REALM =
      new Setting<>(
          Setting.Names.annotation("auth-realm"),
          "",
          Scope.ROUTE,
          Risk.MEDIUM,
          WhenInvalid.DROP,
          BasicAuthentication::realm,
          "Realm that the browser shows.");

  private static <T> ValueParser<T> word(Map<String, T> words, String expected) {
    return text -> {
      var value = words.get(text);
      if (value == null) {
        throw new InvalidValueException(expected);
      }
      return value;
    };
  }

  private static String realm(String text) throws InvalidValueException {
    if (!REALM.matcher(text).matches()) {
      throw new InvalidValueException("letters, digits, spaces and - . _ ~ / :");
    }
    return text;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(TYPE, SECRET, LAYOUT, SHOWN_REALM);
  }

  @Override
  public String difference(Setting<?> setting) {
    if (setting.equals(TYPE)) {
      return "digest answers 503 with a finding, not by another module of nginx's.";
    }
    return setting.equals(LAYOUT)
        ? "auth-file also takes the only key of a Secret, whatever it is called."
        : "";
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    if (ExternalAuthentication.exempt(values, route)) {
      return;
    }
    switch (values.get(TYPE)) {
      case NONE -> {
        if (values.source(SECRET) != Values.Source.DEFAULT) {
          route.report(
              Problem.Level.WARNING,
              SECRET,
              "protects nothing without auth-type",
              "add auth-type: basic");
        }
      }
      case BASIC -> basic(values, route);
      case DIGEST -> route.deny(values, TYPE, "digest is not supported (expected: basic)");
    }
  }

  private static void basic(Values values, RouteDraft route) {
    var name = values.get(SECRET).in(route.references().namespace());
    if (values.source(SECRET) == Values.Source.DEFAULT) {
      // An invalid name has closed the route already.
      if (!values.present(SECRET)) {
        route.deny(values, TYPE, "needs auth-secret, which is not there");
      }
      return;
    }
    if (OtherNamespaces.closed(values, route, name.namespace())) {
      route.deny(
          values,
          SECRET,
          "names Secret " + name + " of another namespace, which the ConfigMap doesn't allow");
      return;
    }
    var secret = route.references().secret(name.namespace(), name.name());
    if (secret.isEmpty()) {
      route.deny(values, SECRET, "names Secret " + name + ", which does not exist");
      return;
    }
    var users =
        values.get(LAYOUT) == Layout.MAP
            ? ofMap(secret.get(), name, route)
            : ofFile(secret.get(), name, route);
    if (users.isEmpty()) {
      route.deny(values, SECRET, "names Secret " + name + ", which has no users");
      return;
    }
    route.filter(new BasicAuth(values.get(SHOWN_REALM), users));
  }

  private static Map<String, Optional<PasswordHash>> ofFile(
      Map<String, byte[]> secret, ObjectName name, RouteDraft route) {
    var text = secret.get(FILE_KEY);
    if (text == null && secret.size() == 1) {
      text = secret.values().iterator().next();
    }
    if (text == null) {
      return Map.of();
    }
    var file = PasswordFile.parse(text);
    reportUnchecked(file.bad().stream().map(line -> "line " + line).toList(), name, route);
    return file.users();
  }

  private static Map<String, Optional<PasswordHash>> ofMap(
      Map<String, byte[]> secret, ObjectName name, RouteDraft route) {
    var users = new HashMap<String, Optional<PasswordHash>>();
    var bad = new TreeSet<String>();
    secret.forEach(
        (key, value) -> {
          var hash = PasswordFile.hash(value);
          if (hash.isEmpty()) {
            bad.add("key " + key);
          }
          var bytes = key.getBytes(StandardCharsets.UTF_8);
          users.put(new String(bytes, StandardCharsets.ISO_8859_1), hash);
        });
    reportUnchecked(List.copyOf(bad), name, route);
    return users;
  }

  private static void reportUnchecked(List<String> places, ObjectName name, RouteDraft route) {
    if (places.isEmpty()) {
      return;
    }
    int shown = Math.min(places.size(), MOST_SHOWN);
    var more = places.size() > shown ? " and " + (places.size() - shown) + " more" : "";
    route.report(
        Problem.Level.WARNING,
        SECRET,
        "names Secret "
            + name
            + ", which has no password hash that can be checked in "
            + String.join(", ", places.subList(0, shown))
            + more
            + "; such users can't come in",
        "expected: " + PasswordHash.EXPECTED);
  }
}
