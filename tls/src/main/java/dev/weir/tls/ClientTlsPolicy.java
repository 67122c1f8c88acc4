package dev.weir.tls;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken to a server, who we are to it and how it proves who it is. Equal policies may
 * share connections, others never. {@code toString} shows fingerprints only.
 *
 * @param protocols {@code TLSv1.2}, {@code TLSv1.3}
 * @param ciphers IANA names for TLS 1.2 in our order of preference, empty for all that there are;
 *     TLS 1.3 suites are always on
 * @param serverName sent as SNI (RFC 6066 section 3); empty for none
 * @param certificate shown to a server that asks for one; null for none
 * @param verification null for a server that needs to prove nothing
 */
public record ClientTlsPolicy(
    List<String> protocols,
    List<String> ciphers,
    String serverName,
    @Nullable ServerCertificate certificate,
    @Nullable Verification verification) {

  private static final int SHOWN_FINGERPRINT = 8;

  /**
   * What a server must prove.
   *
   * @param roots one of them must have signed its certificate, or one of those in between
   * @param depth most certificates in between, as OpenSSL counts (X509_VERIFY_PARAM_set_depth(3))
   * @param name that its certificate must be for, lower-case
   */
  public record Verification(TrustedCertificates roots, int depth, String name) {}

  /** TLS 1.2 and 1.3 without any proof on either side: nginx's {@code proxy_pass https://}. */
  public static final ClientTlsPolicy UNVERIFIED =
      new ClientTlsPolicy(List.of("TLSv1.2", "TLSv1.3"), List.of(), "", null, null);

  public ClientTlsPolicy {
    protocols = List.copyOf(protocols);
    ciphers = List.copyOf(ciphers);
  }

  /** {@code TLSv1.2 ciphers=3 sni=a.example certificate=0123abcd verify=...}, for people. */
  public String text() {
    var words = new ArrayList<String>(protocols);
    if (!ciphers.isEmpty()) {
      words.add("ciphers=" + ciphers.size());
    }
    if (!serverName.isEmpty()) {
      words.add("sni=" + serverName);
    }
    var shown = certificate;
    if (shown != null) {
      words.add("certificate=" + shown.fingerprint().substring(0, SHOWN_FINGERPRINT));
    }
    var proof = verification;
    if (proof != null) {
      words.add("verify=" + proof.name);
      words.add("depth=" + proof.depth);
      words.add("ca=" + proof.roots.fingerprint().substring(0, SHOWN_FINGERPRINT));
    }
    return String.join(" ", words);
  }
}
