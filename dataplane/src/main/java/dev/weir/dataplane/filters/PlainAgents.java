package dev.weir.dataplane.filters;

import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.PatternException;
import dev.weir.dataplane.model.PatternLimitException;
import dev.weir.dataplane.model.SafePattern;
import org.jspecify.annotations.Nullable;

/**
 * User agents that get no gzip: an expression that is found in {@code User-Agent} without regard to
 * case, or {@code msie6}, nginx's word for Internet Explorer 4 to 6 before its service pack.
 *
 * @param pattern null for none
 */
record PlainAgents(@Nullable SafePattern pattern, boolean oldExplorer) {
  private static final String OLD_EXPLORER = "msie6";

  /** Reads the setting. One that is no expression means nobody, as its finding says. */
  static PlainAgents of(String setting) {
    if (setting.isEmpty() || setting.equals(OLD_EXPLORER)) {
      return new PlainAgents(null, !setting.isEmpty());
    }
    try {
      return new PlainAgents(SafePattern.of(setting, true), false);
    } catch (PatternException e) {
      return new PlainAgents(null, false);
    }
  }

  boolean include(RequestHead request) {
    if (pattern == null && !oldExplorer) {
      return false;
    }
    var agent = request.fields().first("user-agent");
    return agent != null && (oldExplorer ? isOldExplorer(agent) : isFound(pattern, agent));
  }

  /**
   * One that is too much for the expression goes without compression, which every client can take.
   */
  private static boolean isFound(@Nullable SafePattern pattern, String agent) {
    try {
      return pattern != null && pattern.found(agent);
    } catch (PatternLimitException e) {
      return true;
    }
  }

  private static boolean isOldExplorer(String agent) {
    int version = agent.indexOf("MSIE ") + "MSIE ".length();
    if (version < "MSIE ".length() || agent.indexOf('.', version) != version + 1) {
      return false;
    }
    return switch (agent.charAt(version)) {
      case '4', '5' -> true;
      case '6' -> agent.indexOf("SV1", version) < 0;
      default -> false;
    };
  }
}
