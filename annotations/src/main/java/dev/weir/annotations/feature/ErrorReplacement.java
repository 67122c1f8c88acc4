package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Problem;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.CommaList;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.annotations.value.ObjectName;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code custom-http-errors}, {@code default-backend}, {@code disable-proxy-intercept-errors}: what
 * is sent in the place of errors, and in the place of a backend without endpoints.
 */
public final class ErrorReplacement implements AnnotationFeature {
  private static final Setting<Set<Integer>> STATUSES =
      new Setting<>(
          Setting.Names.both("custom-http-errors"),
          Set.of(),
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          ErrorReplacement::statuses,
          "Statuses of replies that the default backend's replies replace.");

  private static final Setting<Boolean> OWN_ONLY =
      new Setting<>(
          Setting.Names.both("disable-proxy-intercept-errors"),
          false,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether custom-http-errors replaces the proxy's own replies only.");

  private static final Setting<ObjectName> BACKEND =
      new Setting<>(
          Setting.Names.annotation("default-backend"),
          new ObjectName("", ""),
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          ErrorReplacement::service,
          "Service that answers while the backend has no endpoints, and custom-http-errors.");

  private static Set<Integer> statuses(String text) throws InvalidValueException {
    var statuses = new TreeSet<Integer>();
    for (var entry : CommaList.parse(text)) {
      if (!entry.matches("[345][0-9]{2}")) {
        throw new InvalidValueException("comma-separated statuses from 300 to 599");
      }
      statuses.add(Integer.valueOf(entry));
    }
    return statuses;
  }

  private static ObjectName service(String text) throws InvalidValueException {
    var name = ObjectName.parse(text);
    if (!name.namespace().isEmpty()) {
      throw new InvalidValueException("a Service of the Ingress's namespace");
    }
    return name;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(STATUSES, OWN_ONLY, BACKEND);
  }

  @Override
  public String difference(Setting<?> setting) {
    if (setting.equals(STATUSES)) {
      return "The backend for errors is asked with GET, or HEAD for HEAD, without body and"
          + " Authorization; if it can't be asked, a page of the original status is sent.";
    }
    return "";
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    if (values.source(BACKEND) != Values.Source.DEFAULT) {
      var service = values.get(BACKEND).name();
      if (route.references().serviceExists(route.references().namespace(), service)) {
        route.defaultBackend(service);
      } else {
        route.report(
            Problem.Level.ERROR,
            BACKEND,
            "names Service "
                + route.references().namespace()
                + "/"
                + service
                + ", which does not exist; it is ignored",
            "");
      }
    }
    if (!values.get(STATUSES).isEmpty()) {
      route.errorPages(new RouteDraft.ErrorPages(values.get(STATUSES), !values.get(OWN_ONLY)));
    }
  }
}
