package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.HostDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.CharacterClass;
import dev.weir.annotations.value.CommaList;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PatternException;
import dev.weir.dataplane.model.SafePattern;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** {@code server-alias}: other names of the Ingress's hosts. */
public final class ServerAliases implements AnnotationFeature {
  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
  private static final int LONGEST = 253; // RFC 1035 2.3.4, as text
  private static final String EXPECTED =
      "host names, *.name, name.* and ~expressions that RE2 takes, separated by commas";

  private static final Setting<Set<HostPattern>> ALIASES =
      new Setting<>(
          Setting.Names.annotation("server-alias"),
          Set.of(),
          Scope.HOST,
          Risk.HIGH,
          WhenInvalid.DROP,
          ServerAliases::names,
          "Other names of the host: name, *.name, name.* or ~expression, separated by commas.");

  private static Set<HostPattern> names(String text) throws InvalidValueException {
    var names = new TreeSet<HostPattern>();
    for (var entry : CommaList.parse(text)) {
      CharacterClass.SERVER_NAME.parse(entry);
      if (entry.startsWith("~")) {
        names.add(expression(entry));
      } else {
        addName(names, entry.toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  private static HostPattern expression(String entry) throws InvalidValueException {
    try {
      var pattern = SafePattern.of(entry.substring(1), true);
      if (pattern.linear()) {
        return new HostPattern.Regex(pattern);
      }
    } catch (PatternException e) {
      throw new InvalidValueException(EXPECTED + "; " + entry + " " + e.fault());
    }
    throw new InvalidValueException(EXPECTED);
  }

  /** As nginx reads names: wildcards take any number of labels, {@code .name} the name, too. */
  private static void addName(Set<HostPattern> names, String entry) throws InvalidValueException {
    if (entry.startsWith("*.")) {
      names.add(new HostPattern.DeepWildcard(name(entry.substring(2))));
    } else if (entry.endsWith(".*")) {
      names.add(new HostPattern.TrailingWildcard(name(entry.substring(0, entry.length() - 2))));
    } else if (entry.startsWith(".")) {
      names.add(new HostPattern.Exact(name(entry.substring(1))));
      names.add(new HostPattern.DeepWildcard(entry.substring(1)));
    } else {
      names.add(new HostPattern.Exact(name(entry)));
    }
  }

  private static String name(String text) throws InvalidValueException {
    if (text.length() > LONGEST || !NAME.matcher(text).matches()) {
      throw new InvalidValueException(EXPECTED);
    }
    return text;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(ALIASES);
  }

  @Override
  public String difference(Setting<?> setting) {
    return "Expressions must be RE2's. Of two hosts with the same alias the first in alphabet has"
        + " it, with a finding for the other.";
  }

  @Override
  public void applyHost(Values values, HostDraft host) {
    values.get(ALIASES).forEach(host::alias);
  }
}
