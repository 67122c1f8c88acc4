package dev.weir.dataplane.filters;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Origins that are allowed: compared whole, ports included, without regard to case; {@code *.}
 * stands for exactly one label of letters, digits and hyphens. Immutable.
 *
 * @param any whether all are
 * @param exact lower-case
 */
record CorsOrigins(boolean any, Set<String> exact, List<Wildcard> wildcards) {
  private static final String ONE_LABEL = "://*.";

  /** What stands before and behind the label, the dot included. */
  record Wildcard(String before, String behind) {
    boolean matches(String origin) {
      int from = before.length();
      int to = origin.length() - behind.length();
      if (to <= from || !origin.startsWith(before) || !origin.endsWith(behind)) {
        return false;
      }
      for (int i = from; i < to; i++) {
        char c = origin.charAt(i);
        if (c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9')) {
          return false;
        }
      }
      return true;
    }
  }

  CorsOrigins {
    exact = Set.copyOf(exact);
    wildcards = List.copyOf(wildcards);
  }

  /** Origins as in {@link dev.weir.dataplane.model.Cors#origins}. */
  static CorsOrigins of(List<String> origins) {
    var exact = new HashSet<String>();
    var wildcards = new ArrayList<Wildcard>();
    for (var origin : origins) {
      int star = origin.indexOf(ONE_LABEL);
      if (star < 0) {
        exact.add(origin);
      } else {
        int label = star + ONE_LABEL.length() - 2;
        wildcards.add(new Wildcard(origin.substring(0, label), origin.substring(label + 1)));
      }
    }
    return new CorsOrigins(origins.contains("*"), exact, wildcards);
  }

  /** Whether this origin, as a browser wrote it, is allowed. */
  boolean allow(String origin) {
    var lower = lower(origin);
    if (any || exact.contains(lower)) {
      return true;
    }
    for (int i = 0; i < wildcards.size(); i++) {
      if (wildcards.get(i).matches(lower)) {
        return true;
      }
    }
    return false;
  }

  /** Letters of ASCII only: no other letter becomes one of them. */
  private static String lower(String text) {
    int i = 0;
    while (i < text.length() && (text.charAt(i) < 'A' || text.charAt(i) > 'Z')) {
      i++;
    }
    if (i == text.length()) {
      return text;
    }
    var lower = new StringBuilder(text);
    for (; i < lower.length(); i++) {
      char c = lower.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        lower.setCharAt(i, (char) (c + 32));
      }
    }
    return lower.toString();
  }
}
