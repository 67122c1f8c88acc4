package dev.weir.controller.parse;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The forms of names and addresses in Kubernetes objects, as its API server validates them. */
final class Syntax {
  private static final int LONGEST_NAME = 253;
  private static final int LONGEST_LABEL = 63;
  private static final int LONGEST_SHOWN = 60;

  // The lengths are checked apart, so that these stay linear.
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern IPV4 =
      Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
  private static final Pattern PORT_NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  private Syntax() {}

  /** RFC 1123 subdomain: the form of most objects' names and of hosts. */
  static boolean subdomain(String text) {
    if (text.isEmpty() || text.length() > LONGEST_NAME) {
      return false;
    }
    for (var label : text.split("\\.", -1)) {
      if (label.length() > LONGEST_LABEL || !LABEL.matcher(label).matches()) {
        return false;
      }
    }
    return true;
  }

  /**
   * The name of an object: a subdomain, except that Kubernetes doesn't bound its single labels
   * here.
   */
  static boolean objectName(String text) {
    if (text.isEmpty() || text.length() > LONGEST_NAME) {
      return false;
    }
    for (var label : text.split("\\.", -1)) {
      if (!LABEL.matcher(label).matches()) {
        return false;
      }
    }
    return true;
  }

  /** RFC 1123 label: the form of namespaces. */
  static boolean label(String text) {
    return text.length() <= LONGEST_LABEL && LABEL.matcher(text).matches();
  }

  /** An exact host, or {@code *.} before one. Lower-case. */
  static boolean host(String text) {
    return subdomain(text.startsWith("*.") ? text.substring(2) : text);
  }

  /** The name of a port: at most 15 letters, digits and single dashes, one letter at least. */
  static boolean portName(String text) {
    return text.length() <= 15
        && PORT_NAME.matcher(text).matches()
        && text.chars().anyMatch(c -> c >= 'a' && c <= 'z');
  }

  /** The canonical form of an IP literal; IPv6 as in RFC 5952, without zone. */
  static Optional<String> ip(String text) {
    boolean valid =
        text.indexOf(':') >= 0
            ? text.length() <= 45 && text.indexOf('%') < 0 && text.indexOf('[') < 0
            : text.length() <= 15 && IPV4.matcher(text).matches();
    var bytes = valid ? NetUtil.createByteArrayFromIpAddressString(text) : null;
    if (bytes == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(NetUtil.toAddressString(InetAddress.getByAddress(bytes)));
    } catch (UnknownHostException wrongLength) {
      return Optional.empty();
    }
  }

  /** Lower-case, without the dot that may end a full name. */
  static String lowerHost(String text) {
    var host = text.toLowerCase(Locale.ROOT);
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  /** {@code text} in quotes for a message: one line, of bounded length, printable. */
  static String quoted(String text) {
    return '"' + shown(text, LONGEST_SHOWN) + '"';
  }

  /** A name of the user's for a message: one line, of bounded length, printable. */
  static String shown(String text) {
    return shown(text, LONGEST_SHOWN);
  }

  /** At most so many characters of {@code text}, on one line and printable. */
  static String shown(String text, int most) {
    var shown = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), most); i++) {
      char c = text.charAt(i);
      shown.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? '?' : c);
    }
    return shown.append(text.length() > most ? "…" : "").toString();
  }
}
