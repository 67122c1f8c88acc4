package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.dataplane.model.UpstreamForm;
import java.util.List;

/**
 * {@code proxy-http-version}, {@code connection-proxy-header}: how requests to the Service are
 * written.
 */
public final class UpstreamRequests implements AnnotationFeature {
  private static final String HTTP_1_0 = "1.0";

  private static final Setting<String> VERSION =
      new Setting<>(
          Setting.Names.both("proxy-http-version"),
          "1.1",
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          UpstreamRequests::version,
          "Version of HTTP that the Service is spoken to in: 1.0 or 1.1.");
  private static final Setting<String> CONNECTION =
      new Setting<>(
          Setting.Names.annotation("connection-proxy-header"),
          "",
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DROP,
          UpstreamRequests::connection,
          "Connection field that the Service gets: close or keep-alive.");

  private static String version(String text) throws InvalidValueException {
    if (!text.equals(HTTP_1_0) && !text.equals("1.1")) {
      throw new InvalidValueException("1.0 or 1.1");
    }
    return text;
  }

  private static String connection(String text) throws InvalidValueException {
    if (!text.equals("close") && !text.equals("keep-alive")) {
      throw new InvalidValueException("close or keep-alive");
    }
    return text;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(VERSION, CONNECTION);
  }

  @Override
  public String difference(Setting<?> setting) {
    return setting.equals(VERSION)
        ? "With 1.0 a connection carries one request, nothing is upgraded, and a body whose length"
            + " the client doesn't say is answered 411, because bodies aren't gathered."
        : "Upgrade isn't passed on then, since the Service could not take it up.";
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    var form = UpstreamForm.of(values.get(VERSION).equals(HTTP_1_0), values.get(CONNECTION));
    if (!form.isUsual()) {
      route.filter(form);
    }
  }
}
