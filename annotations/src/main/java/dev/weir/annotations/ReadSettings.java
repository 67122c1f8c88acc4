package dev.weir.annotations;

import dev.weir.annotations.value.InvalidValueException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The annotations of one Ingress over the ConfigMap, read: typed values and what is wrong with
 * them. Belongs to one compile.
 */
public final class ReadSettings implements Values {
  private final String prefix;
  private final Map<String, String> annotations;
  private final Function<String, @Nullable String> configMap;
  private final Map<Setting<?>, Found<?>> found = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private Optional<String> dropped = Optional.empty();
  private Optional<String> denied = Optional.empty();

  private record Found<T>(T value, Source source) {}

  ReadSettings(
      String prefix,
      Map<String, String> annotations,
      Function<String, @Nullable String> configMap) {
    this.prefix = prefix;
    this.annotations = annotations;
    this.configMap = configMap;
  }

  /** Only the ConfigMap and the defaults: what holds where no Ingress has a say. */
  public static ReadSettings withoutIngress(Function<String, @Nullable String> configMap) {
    return new ReadSettings("", Map.of(), configMap);
  }

  /** What is wrong, by name. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** Why the Ingress makes no rules; empty if it does. */
  public Optional<String> dropped() {
    return dropped;
  }

  /** Why all routes of the Ingress answer 503; empty if they don't. */
  public Optional<String> denied() {
    return denied;
  }

  @Override
  public <T> T get(Setting<T> setting) {
    return found(setting).value;
  }

  @Override
  public Source source(Setting<?> setting) {
    return found(setting).source;
  }

  @Override
  public boolean present(Setting<?> setting) {
    return !annotations.isEmpty()
        && setting.names().annotations().stream().anyMatch(annotations::containsKey);
  }

  @Override
  public boolean blank(Setting<?> setting) {
    return present(setting)
        && setting.names().annotations().stream()
            .allMatch(name -> annotations.getOrDefault(name, "").isBlank());
  }

  @SuppressWarnings("unchecked") // found holds for each setting what find answered for it
  private <T> Found<T> found(Setting<T> setting) {
    var known = (Found<T>) found.get(setting);
    if (known == null) {
      known = find(setting);
      found.put(setting, known);
    }
    return known;
  }

  private <T> Found<T> find(Setting<T> setting) {
    for (var name : annotations.isEmpty() ? List.<String>of() : setting.names().annotations()) {
      var text = annotations.getOrDefault(name, "").strip();
      if (!text.isEmpty()) {
        try {
          return new Found<>(setting.parser().parse(text), Source.ANNOTATION);
        } catch (InvalidValueException e) {
          break; // reported by examine
        }
      }
    }
    var key = setting.names().configMapKey();
    var text = key.isEmpty() ? null : configMap.apply(key);
    if (text != null && !text.isBlank()) {
      try {
        return new Found<>(setting.parser().parse(text.strip()), Source.CONFIG_MAP);
      } catch (InvalidValueException e) {
        // Reported with the ConfigMap.
        if (setting.whenInvalid() == WhenInvalid.DENY) {
          denied = denied.or(() -> Optional.of("ConfigMap key " + key + " is not valid"));
        }
        return new Found<>(setting.defaultValue(), Source.DEFAULT);
      }
    }
    return new Found<>(setting.defaultValue(), Source.DEFAULT);
  }

  void problem(Problem.Level level, String name, String message, String hint) {
    problems.add(new Problem(level, Setting.Names.full(prefix, name), message, hint));
  }

  void examine(String name, Setting<?> setting) {
    examineRisk(name, setting.risk());
    var text = annotations.getOrDefault(name, "").strip();
    try {
      setting.parser().parse(text);
    } catch (InvalidValueException e) {
      invalid(name, setting, text, e.expected());
    }
  }

  private void invalid(String name, Setting<?> setting, String text, String expected) {
    var complaint = Quote.of(text) + " is not valid (expected: " + expected + ")";
    switch (setting.whenInvalid()) {
      case DROP -> drop(name, complaint);
      case DENY -> {
        problem(Problem.Level.ERROR, name, complaint + "; its routes answer 503", "");
        denied = denied.or(() -> Optional.of(name + " " + complaint));
      }
      case DEFAULT -> problem(Problem.Level.WARNING, name, complaint + "; it is ignored", "");
    }
  }

  void examineRisk(String name, Risk risk) {
    var highest = get(AnnotationPolicy.HIGHEST_RISK);
    if (risk.compareTo(highest) > 0) {
      drop(name, "its risk is " + risk + ", and annotations-risk-level allows " + highest);
    }
  }

  void examineWords(String name, String value) {
    for (var word : get(AnnotationPolicy.BLOCKED_WORDS)) {
      if (value.contains(word)) {
        drop(name, "contains \"" + word + "\" of annotation-value-word-blocklist");
      }
    }
  }

  private void drop(String name, String why) {
    problem(Problem.Level.ERROR, name, why + "; the Ingress is not served", "");
    dropped = dropped.or(() -> Optional.of(name + " " + why));
  }
}
