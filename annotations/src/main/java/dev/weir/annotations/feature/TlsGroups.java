package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Problem;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.InvalidValueException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** {@code ssl-ecdh-curve}: the groups of the key exchange. */
public final class TlsGroups implements AnnotationFeature {
  private static final String AUTO = "auto";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

  /**
   * Groups as written.
   *
   * @param names BoringSSL's; empty for its own choice
   * @param unmet what it doesn't know
   */
  private record Groups(List<String> names, List<String> unmet) {
    private static final Groups AUTOMATIC = new Groups(List.of(), List.of());

    @Override
    public String toString() {
      return names.isEmpty() ? AUTO : String.join(":", names);
    }
  }

  private static final Setting<Groups> GROUPS =
      new Setting<>(
          Setting.Names.configMap("ssl-ecdh-curve"),
          Groups.AUTOMATIC,
          Scope.PROXY,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          TlsGroups::parse,
          "Groups of the key exchange, preferred first, separated by colons; auto for usual ones.");

  private static Groups parse(String text) throws InvalidValueException {
    if (text.equals(AUTO)) {
      return Groups.AUTOMATIC;
    }
    var names = new LinkedHashSet<String>();
    var unmet = new ArrayList<String>();
    for (var word : text.split(":", -1)) {
      if (!NAME.matcher(word).matches()) {
        throw new InvalidValueException("auto, or groups separated by colons: X25519:prime256v1");
      }
      var name = name(word);
      if (name.isEmpty()) {
        unmet.add(word);
      } else {
        names.add(name);
      }
    }
    return new Groups(List.copyOf(names), unmet);
  }

  private static String name(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "x25519" -> "X25519";
      case "prime256v1", "secp256r1", "p-256" -> "P-256";
      case "secp384r1", "p-384" -> "P-384";
      case "secp521r1", "p-521" -> "P-521";
      case "x25519mlkem768" -> "X25519MLKEM768";
      default -> "";
    };
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(GROUPS);
  }

  @Override
  public String difference(Setting<?> setting) {
    return "X25519, P-256, P-384, P-521 and X25519MLKEM768 are known; others are left out, with a"
        + " finding.";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    var groups = values.get(GROUPS);
    for (var unmet : groups.unmet()) {
      proxy.report(
          Problem.Level.WARNING,
          GROUPS,
          "group "
              + unmet
              + " isn't known here"
              + (groups.names().isEmpty() ? "; no group is left, so auto holds" : ""),
          "");
    }
    proxy.tls(proxy.tls().groups(groups.names()));
  }
}
