package dev.weir.controller.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A label selector in kubectl's syntax: {@code a=b,c!=d,e in (f,g),h notin (i),j,!k}.
 *
 * @param requirements all of them must hold
 */
public record LabelSelector(List<Requirement> requirements) {
  private static final Pattern SET =
      Pattern.compile("([^\\s=!,()]+)\\s+(in|notin)\\s*\\(([^()]*)\\)");
  private static final Pattern EQUAL =
      Pattern.compile("([^\\s=!,()]+)\\s*(==|=|!=)\\s*([^\\s=!,()]*)");
  private static final Pattern KEY = Pattern.compile("[^\\s=!,()]+");

  public LabelSelector {
    requirements = List.copyOf(requirements);
  }

  /** A condition on one label. */
  public sealed interface Requirement {
    /** The label is there and has one of the values. */
    record In(String key, Set<String> values) implements Requirement {}

    /** The label is absent or has none of the values. */
    record NotIn(String key, Set<String> values) implements Requirement {}

    /** The label is there. */
    record Exists(String key) implements Requirement {}

    /** The label is absent. */
    record Absent(String key) implements Requirement {}
  }

  /**
   * Reads a selector.
   *
   * @throws IllegalArgumentException if it has another form; its message quotes the part
   */
  public static LabelSelector parse(String text) {
    var requirements = new ArrayList<Requirement>();
    // A comma inside parentheses belongs to a set of values.
    for (var part : text.split(",(?![^(]*\\))", -1)) {
      requirements.add(requirement(part.strip()));
    }
    return new LabelSelector(requirements);
  }

  private static Requirement requirement(String part) {
    var set = SET.matcher(part);
    if (set.matches()) {
      var values = new TreeSet<String>();
      for (var value : set.group(3).split(",", -1)) {
        values.add(value.strip());
      }
      return set.group(2).equals("in")
          ? new Requirement.In(set.group(1), values)
          : new Requirement.NotIn(set.group(1), values);
    }
    var equal = EQUAL.matcher(part);
    if (equal.matches()) {
      var values = Set.of(equal.group(3));
      return equal.group(2).equals("!=")
          ? new Requirement.NotIn(equal.group(1), values)
          : new Requirement.In(equal.group(1), values);
    }
    if (part.startsWith("!") && KEY.matcher(part.substring(1).strip()).matches()) {
      return new Requirement.Absent(part.substring(1).strip());
    }
    if (KEY.matcher(part).matches()) {
      return new Requirement.Exists(part);
    }
    throw new IllegalArgumentException(
        "\""
            + part
            + "\" (expected: key=value, key!=value, key in (a,b), key notin (a,b), key, !key)");
  }

  /** Whether an object with these labels is selected. */
  public boolean matches(Map<String, String> labels) {
    return requirements.stream().allMatch(requirement -> holds(requirement, labels));
  }

  private static boolean holds(Requirement requirement, Map<String, String> labels) {
    return switch (requirement) {
      case Requirement.In(var key, var values) ->
          labels.containsKey(key) && values.contains(labels.get(key));
      case Requirement.NotIn(var key, var values) ->
          !labels.containsKey(key) || !values.contains(labels.get(key));
      case Requirement.Exists(var key) -> labels.containsKey(key);
      case Requirement.Absent(var key) -> !labels.containsKey(key);
    };
  }
}
