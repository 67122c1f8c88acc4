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
import dev.weir.annotations.value.CorsOriginList;
import dev.weir.annotations.value.Integers;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.Cors;
import java.util.List;
import java.util.regex.Pattern;

/** {@code enable-cors} and {@code cors-*}: which pages of other origins may read replies. */
public final class CrossOrigin implements AnnotationFeature {
  private static final int LONGEST = 4096;
  private static final int MOST_SHOWN = 200;

  private static final Setting<Boolean> ENABLED =
      annotation(
          "enable-cors",
          false,
          Risk.LOW,
          Booleans::parse,
          "Whether preflight requests are answered and replies carry Access-Control-* fields.");
  private static final Setting<CorsOriginList> ORIGINS =
      annotation(
          "cors-allow-origin",
          CorsOriginList.parse("*"),
          Risk.MEDIUM,
          CorsOriginList::parse,
          "Origins that are allowed: scheme://host:port, scheme://*.host, null or *.");
  private static final Setting<String> METHODS =
      annotation(
          "cors-allow-methods",
          Cors.USUAL_METHODS,
          Risk.MEDIUM,
          list("[A-Za-z]+", "methods such as GET, POST"),
          "Methods that are allowed.");
  private static final Setting<String> HEADERS =
      annotation(
          "cors-allow-headers",
          Cors.USUAL_HEADERS,
          Risk.MEDIUM,
          list("[A-Za-z0-9_-]+", "names of fields such as X-A, X-B"),
          "Request fields that are allowed.");
  private static final Setting<String> EXPOSED =
      annotation(
          "cors-expose-headers",
          "",
          Risk.MEDIUM,
          list("[A-Za-z0-9_-]+|\\*", "names of fields such as X-A, X-B, or *"),
          "Reply fields that pages may read.");
  private static final Setting<Boolean> CREDENTIALS =
      annotation(
          "cors-allow-credentials",
          true,
          Risk.LOW,
          Booleans::parse,
          "Whether requests with cookies and authorization are allowed.");
  private static final Setting<Integer> MAX_AGE =
      annotation(
          "cors-max-age",
          Cors.USUAL_AGE,
          Risk.LOW,
          Integers.from(-1),
          "Seconds that browsers may remember the answer.");

  private static <T> Setting<T> annotation(
      String name, T byDefault, Risk risk, ValueParser<T> parser, String doc) {
    return new Setting<>(
        Setting.Names.annotation(name),
        byDefault,
        Scope.ROUTE,
        risk,
        WhenInvalid.DEFAULT,
        parser,
        doc);
  }

  /** Words between commas or blanks; the text goes into a field as it is. */
  private static ValueParser<String> list(String word, String expected) {
    var form = Pattern.compile(word);
    return text -> {
      boolean good = text.length() <= LONGEST;
      for (var entry : text.split("[, ]+", 0)) {
        good &= form.matcher(entry).matches();
      }
      if (!good) {
        throw new InvalidValueException(expected);
      }
      return text;
    };
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(ENABLED, ORIGINS, METHODS, HEADERS, EXPOSED, CREDENTIALS, MAX_AGE);
  }

  @Override
  public String difference(Setting<?> setting) {
    return setting.equals(ORIGINS)
        ? "Entries that are no origins are left out one by one; text that ingress-nginx takes for *"
            + " as a whole allows no origin here. The whole origin is compared. Replies that depend"
            + " on the origin say so (Vary), and a backend's own Access-Control-* never pass."
        : "";
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    if (!values.get(ENABLED)) {
      return;
    }
    var origins = values.get(ORIGINS);
    if (!origins.others().isEmpty()) {
      route.report(
          Problem.Level.WARNING,
          ORIGINS,
          "names what is no origin and is left out: " + shown(origins.others()),
          "write scheme://host, with :port if the page has one");
    }
    route.filter(
        new Cors(
            origins.origins(),
            values.get(METHODS),
            values.get(HEADERS),
            values.get(EXPOSED),
            values.get(CREDENTIALS),
            values.get(MAX_AGE)));
  }

  private static String shown(List<String> entries) {
    var text = String.join(", ", entries);
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
  }
}
