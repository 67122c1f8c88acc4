package dev.weir.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/** The DNS names that a certificate is good for (RFC 6125). */
final class CertificateNames {
  private static final int SAN_DNS = 2;

  private CertificateNames() {}

  /** DNS names of the SAN, lower-case; the common name only if there is no SAN at all. */
  static List<String> of(X509Certificate leaf)
      throws CertificateParsingException, InvalidNameException {
    var names = new ArrayList<String>();
    var alternatives = leaf.getSubjectAlternativeNames();
    if (alternatives == null) {
      for (var part : new LdapName(leaf.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          names.add(part.getValue().toString().toLowerCase(Locale.ROOT));
        }
      }
      return names;
    }
    for (var alternative : alternatives) {
      if (alternative.get(0) instanceof Integer type
          && type == SAN_DNS
          && alternative.get(1) instanceof String name) {
        names.add(name.toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  /**
   * Whether one of the names is the host's (RFC 6125 6.4.3: a wildcard stands for one whole label).
   *
   * @param host lower-case; {@code *.name} asks for a wildcard
   */
  static boolean cover(List<String> names, String host) {
    if (names.contains(host)) {
      return true;
    }
    int dot = host.indexOf('.');
    return dot > 0 && !host.startsWith("*") && names.contains("*" + host.substring(dot));
  }
}
