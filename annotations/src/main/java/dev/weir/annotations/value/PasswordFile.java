package dev.weir.annotations.value;

import dev.weir.dataplane.model.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Users and password hashes as nginx reads them from an htpasswd file: {@code name:hash} a line,
 * what follows another colon or a {@code #} is a remark, the first line of a name counts.
 *
 * @param users by name, one character a byte; without a hash where there is none that can be
 *     checked
 * @param bad the numbers of the lines without such a hash
 */
public record PasswordFile(Map<String, Optional<PasswordHash>> users, List<Integer> bad) {
  public PasswordFile {
    users = Map.copyOf(users);
    bad = List.copyOf(bad);
  }

  /** Reads the text of a file. */
  public static PasswordFile parse(byte[] bytes) {
    var users = new LinkedHashMap<String, Optional<PasswordHash>>();
    var bad = new ArrayList<Integer>();
    var lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\r?\n", -1);
    for (int i = 0; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0 && lines[i].charAt(0) != '#') {
        var hash = hash(lines[i].substring(colon + 1));
        if (hash.isEmpty()) {
          bad.add(i + 1);
        }
        users.putIfAbsent(lines[i].substring(0, colon), hash);
      } else if (!lines[i].isBlank() && lines[i].charAt(0) != '#') {
        bad.add(i + 1);
      }
    }
    return new PasswordFile(users, bad);
  }

  /** The hash that a text begins with. */
  public static Optional<PasswordHash> hash(byte[] bytes) {
    return hash(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  private static Optional<PasswordHash> hash(String text) {
    int end = 0;
    while (end < text.length() && "\r\n:#".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return PasswordHash.parse(text.substring(0, end));
  }

  @Override
  public String toString() {
    return users.size() + " users";
  }
}
