package dev.weir.dataplane.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Which pages of other origins may read a route's replies (Fetch standard 3.3; ingress-nginx.md
 * 1.3, rows 96 to 102). All values are checked: they go into fields as they are.
 *
 * @param origins lower-case; {@code *} alone for all, {@code scheme://*.host} for one label more;
 *     empty for none
 * @param methods value of {@code Access-Control-Allow-Methods}
 * @param headers value of {@code Access-Control-Allow-Headers}
 * @param exposed value of {@code Access-Control-Expose-Headers}, empty for none
 * @param credentials whether {@code Access-Control-Allow-Credentials} is sent
 * @param maxAge value of {@code Access-Control-Max-Age}, in seconds
 */
public record Cors(
    List<String> origins,
    String methods,
    String headers,
    String exposed,
    boolean credentials,
    int maxAge)
    implements FilterSettings {
  /** Methods that are allowed unless others are named. */
  public static final String USUAL_METHODS = "GET, PUT, POST, DELETE, PATCH, OPTIONS";

  /** Fields that are allowed unless others are named. */
  public static final String USUAL_HEADERS =
      "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,"
          + "Range,Authorization";

  /** How long a browser may remember unless something else is said: twenty days. */
  public static final int USUAL_AGE = 1_728_000;

  public Cors {
    origins = List.copyOf(origins);
  }

  @Override
  public String text() {
    var words = new ArrayList<String>();
    words.add("cors origins=" + (origins.isEmpty() ? "none" : String.join(" ", origins)));
    if (!methods.equals(USUAL_METHODS)) {
      words.add("methods=" + methods);
    }
    if (!headers.equals(USUAL_HEADERS)) {
      words.add("headers=" + headers);
    }
    if (!exposed.isEmpty()) {
      words.add("expose=" + exposed);
    }
    if (!credentials) {
      words.add("credentials=false");
    }
    if (maxAge != USUAL_AGE) {
      words.add("max-age=" + maxAge);
    }
    return String.join("; ", words);
  }
}
