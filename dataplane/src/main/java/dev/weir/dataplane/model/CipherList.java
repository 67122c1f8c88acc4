package dev.weir.dataplane.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Cipher suites as OpenSSL's cipher strings choose them ({@code openssl-ciphers(1)}): names, groups
 * ({@code HIGH}), several groups at once ({@code ECDHE+AESGCM}), {@code !} {@code -} {@code +} in
 * front of them, {@code @STRENGTH} and {@code @SECLEVEL=n}.
 *
 * @param suites preferred first; empty if nothing that was asked for is spoken here
 * @param unmet what was asked for and isn't to be had, as written; what is excluded and isn't there
 *     anyhow is not among it
 */
public record CipherList(List<CipherSuite> suites, List<String> unmet) {
  /** Separators of words: OpenSSL's without its semicolon, which nobody means in nginx. */
  private static final String SEPARATORS = ": ,";

  private static final Set<String> TLS_1_3 =
      Set.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  public CipherList {
    suites = List.copyOf(suites);
    unmet = List.copyOf(unmet);
  }

  /**
   * Reads a cipher string. Pure.
   *
   * @throws IllegalArgumentException if it has characters that no cipher string has; the message
   *     says what is expected
   */
  public static CipherList parse(String text) {
    var reader = new Reader();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (SEPARATORS.indexOf(c) >= 0) {
        at++;
        continue;
      }
      int begin = "!-+@".indexOf(c) >= 0 ? at + 1 : at;
      int end = begin;
      while (end < text.length() && isWord(text, end, c == '@')) {
        end++;
      }
      if (end == begin) {
        throw new IllegalArgumentException(
            "names of cipher suites and groups of OpenSSL, separated by colons");
      }
      reader.rule(c, text.substring(begin, end));
      at = end;
    }
    return new CipherList(reader.finish(), List.copyOf(reader.unmet));
  }

  private static boolean isWord(String text, int at, boolean command) {
    char c = text.charAt(at);
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || c == '.'
        || c == '='
        || (c == '+' && !command);
  }

  /** Follows the rules one after another, as OpenSSL does. */
  private static final class Reader {
    /** Those that rules can still add, in the order in which they would be added. */
    private final List<CipherSuite> inactive = new ArrayList<>(List.of(CipherSuite.values()));

    private final List<CipherSuite> active = new ArrayList<>();
    private final Set<String> unmet = new LinkedHashSet<>();
    private boolean first = true;
    private int level;

    void rule(char kind, String words) {
      switch (kind) {
        case '@' -> command(words);
        case '!' -> kill(words);
        case '-' -> delete(words);
        case '+' -> moveToEnd(words);
        default -> add(words);
      }
      first = false;
    }

    private void add(String words) {
      // OpenSSL knows this word at the beginning only.
      var wanted = first && words.equals("DEFAULT") ? matching("ALL") : matching(words);
      var added = inactive.stream().filter(wanted).toList();
      if (Stream.of(CipherSuite.values()).noneMatch(wanted)) {
        unmet.add(words);
      }
      inactive.removeAll(added);
      active.addAll(added);
    }

    private void kill(String words) {
      inactive.removeIf(matching(words));
      active.removeIf(matching(words));
    }

    /** What goes last is the first that would come again. */
    private void delete(String words) {
      var deleted = active.stream().filter(matching(words)).toList();
      active.removeAll(deleted);
      inactive.addAll(0, deleted);
    }

    private void moveToEnd(String words) {
      var moved = active.stream().filter(matching(words)).toList();
      active.removeAll(moved);
      active.addAll(moved);
    }

    private void command(String words) {
      if (words.equals("STRENGTH")) {
        active.sort((a, b) -> Integer.compare(b.strength(), a.strength()));
      } else if (words.length() == 10
          && words.startsWith("SECLEVEL=")
          && words.charAt(9) >= '0'
          && words.charAt(9) <= '5') {
        level = words.charAt(9) - '0';
        if (level > 1) {
          unmet.add("@" + words + " for keys and signatures");
        }
      } else {
        throw new IllegalArgumentException("@STRENGTH or @SECLEVEL=0 to 5");
      }
    }

    /** Without what the security level forbids (SSL_CTX_set_security_level(3)). */
    List<CipherSuite> finish() {
      int bits = List.of(0, 80, 112, 128, 192, 256).get(level);
      return active.stream()
          .filter(suite -> suite.strength() >= bits)
          .filter(suite -> level < 3 || suite.forwardSecret())
          .filter(suite -> level < 4 || !suite.mac().equals("SHA1"))
          .toList();
    }

    private static Predicate<CipherSuite> matching(String words) {
      Predicate<CipherSuite> all = suite -> true;
      for (var word : words.split("\\+", -1)) {
        all = all.and(group(word));
      }
      return all;
    }

    private static Predicate<CipherSuite> group(String word) {
      return switch (word) {
        case "ALL", "HIGH" -> suite -> true;
        case "kECDHE", "kEECDH", "ECDHE", "EECDH", "ECDH" -> CipherSuite::forwardSecret;
        case "kRSA", "RSA" -> suite -> !suite.forwardSecret();
        case "aECDSA", "ECDSA" -> CipherSuite::ecdsa;
        case "aRSA" -> suite -> !suite.ecdsa();
        case "AES", "FIPS" -> suite -> !suite.chacha();
        case "AES128" -> suite -> !suite.chacha() && suite.strength() == 128;
        case "AES256" -> suite -> !suite.chacha() && suite.strength() == 256;
        case "AESGCM" -> CipherSuite::gcm;
        case "CHACHA20" -> CipherSuite::chacha;
        case "SHA", "SHA1" -> suite -> suite.mac().equals("SHA1");
        case "TLSv1.2", "SSLv3" -> suite -> suite.since().equals(word);
        case "TLSv1", "TLSv1.0" -> suite -> suite.since().equals("TLSv1.0");
        default -> suite -> suite.text().equals(word) || suite.ianaName().equals(word);
      };
    }
  }

  /** Whether a word of {@link #unmet} names a suite of TLS 1.3, which are always on. */
  public static boolean isTls13(String word) {
    return TLS_1_3.contains(word);
  }

  /** OpenSSL's names, separated by colons. */
  public String text() {
    return String.join(":", suites.stream().map(CipherSuite::text).toList());
  }

  @Override
  public String toString() {
    return text();
  }
}
