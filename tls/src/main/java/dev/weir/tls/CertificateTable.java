package dev.weir.tls;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate answers which server name (RFC 6066 section 3). Immutable; a change copies the
 * array of shards and the shards it touches, so that one certificate in 100,000 costs kilobytes.
 */
public final class CertificateTable {
  private static final int SHARDS = 512;

  private final List<Map<String, ServerCertificate>> shards;
  private final int size;
  private final @Nullable ServerCertificate defaultCertificate;

  private CertificateTable(
      List<Map<String, ServerCertificate>> shards,
      int size,
      @Nullable ServerCertificate defaultCertificate) {
    this.shards = shards;
    this.size = size;
    this.defaultCertificate = defaultCertificate;
  }

  /** No certificates, no default: every handshake is refused. */
  public static CertificateTable empty() {
    return new CertificateTable(Collections.nCopies(SHARDS, Map.of()), 0, null);
  }

  /**
   * This table with changes.
   *
   * @param put by server name, lower-case; {@code *.name} for one label in front of a name
   * @param removed names that go
   * @param newDefault null keeps the default
   */
  public CertificateTable with(
      Map<String, ServerCertificate> put,
      Collection<String> removed,
      @Nullable ServerCertificate newDefault) {
    var copy = new ArrayList<>(shards);
    var touched = new HashMap<Integer, Map<String, ServerCertificate>>();
    int newSize = size;
    for (var name : removed) {
      if (touch(touched, name).remove(name) != null) {
        newSize--;
      }
    }
    for (var entry : put.entrySet()) {
      if (touch(touched, entry.getKey()).put(entry.getKey(), entry.getValue()) == null) {
        newSize++;
      }
    }
    touched.forEach((shard, entries) -> copy.set(shard, Map.copyOf(entries)));
    return new CertificateTable(
        copy, newSize, newDefault != null ? newDefault : defaultCertificate);
  }

  private Map<String, ServerCertificate> touch(
      Map<Integer, Map<String, ServerCertificate>> touched, String name) {
    int shard = shardOf(name);
    return touched.computeIfAbsent(shard, s -> new HashMap<>(shards.get(s)));
  }

  /**
   * The certificate for a server name: exact, then one-label wildcard, then the default.
   *
   * @param serverName as sent by the client in any case, null if it sent none
   * @return null only if there is no default
   */
  public @Nullable ServerCertificate find(@Nullable String serverName) {
    if (serverName == null || serverName.isEmpty()) {
      return defaultCertificate;
    }
    var name = normalise(serverName);
    var exact = shards.get(shardOf(name)).get(name);
    if (exact != null) {
      return exact;
    }
    int dot = name.indexOf('.');
    if (dot > 0) {
      var wildcard = "*" + name.substring(dot);
      var found = shards.get(shardOf(wildcard)).get(wildcard);
      if (found != null) {
        return found;
      }
    }
    return defaultCertificate;
  }

  /** Number of names, the default not counted. */
  public int size() {
    return size;
  }

  /** All names; a copy. */
  public Set<String> names() {
    var names = new HashSet<String>();
    for (var shard : shards) {
      names.addAll(shard.keySet());
    }
    return names;
  }

  private static String normalise(String serverName) {
    var lower = serverName.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  private static int shardOf(String name) {
    int hash = name.hashCode();
    return (hash ^ hash >>> 16) & SHARDS - 1;
  }
}
