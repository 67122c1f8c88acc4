package dev.weir.dataplane.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Versions of TLS as nginx lists them: {@code TLSv1.2 TLSv1.3}.
 *
 * @param versions without gap, oldest first; empty if nothing that was asked for is spoken here
 * @param unmet what was asked for and isn't to be had: versions of SSL, and versions below a gap,
 *     since an end speaks all versions between its oldest and its newest
 */
public record TlsVersionList(List<TlsVersion> versions, List<String> unmet) {
  private static final Set<String> GONE = Set.of("SSLv2", "SSLv3");

  public TlsVersionList {
    versions = List.copyOf(versions);
    unmet = List.copyOf(unmet);
  }

  /**
   * Reads names separated by blanks. Pure.
   *
   * @throws IllegalArgumentException if one isn't a version's name; the message says what is
   *     expected
   */
  public static TlsVersionList parse(String text) {
    var asked = EnumSet.noneOf(TlsVersion.class);
    var unmet = new LinkedHashSet<String>();
    for (var word : text.strip().split("\\s+", -1)) {
      if (GONE.contains(word)) {
        unmet.add(word);
      } else {
        asked.add(version(word));
      }
    }
    var spoken = new ArrayList<TlsVersion>();
    boolean gap = false;
    for (var version : List.of(TlsVersion.values()).reversed()) {
      if (!asked.contains(version)) {
        gap |= !spoken.isEmpty();
      } else if (gap) {
        unmet.add(version.text());
      } else {
        spoken.addFirst(version);
      }
    }
    return new TlsVersionList(spoken, List.copyOf(unmet));
  }

  private static TlsVersion version(String word) {
    for (var version : TlsVersion.values()) {
      if (version.text().equals(word)) {
        return version;
      }
    }
    throw new IllegalArgumentException("TLSv1, TLSv1.1, TLSv1.2 and TLSv1.3, separated by blanks");
  }

  /** The names, separated by blanks. */
  public String text() {
    return String.join(" ", versions.stream().map(TlsVersion::text).toList());
  }

  @Override
  public String toString() {
    return text();
  }
}
