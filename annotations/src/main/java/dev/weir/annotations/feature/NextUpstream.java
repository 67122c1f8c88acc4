package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.Integers;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.annotations.value.Seconds;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.RetryPolicy;
import dev.weir.dataplane.model.RetryPolicy.Condition;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code proxy-next-upstream}, {@code proxy-next-upstream-tries}, {@code
 * proxy-next-upstream-timeout}, {@code retry-non-idempotent}: when another endpoint is tried.
 * {@link RetryPolicy} says which bounds they stay in.
 */
public final class NextUpstream implements AnnotationFeature {
  private static final String OFF = "off";

  private static final Setting<Set<Condition>> CONDITIONS =
      setting(
          "proxy-next-upstream",
          RetryPolicy.DEFAULT.conditions(),
          Risk.MEDIUM,
          NextUpstream::conditions,
          "What counts as a failure after which another endpoint is tried; off for none.");
  private static final Setting<Integer> TRIES =
      setting(
          "proxy-next-upstream-tries",
          RetryPolicy.DEFAULT.tries(),
          Risk.LOW,
          Integers.from(0),
          "Tries in all, at most two more after failed connects and one more after a failed"
              + " request.");
  private static final Setting<Duration> TIMEOUT =
      setting(
          "proxy-next-upstream-timeout",
          RetryPolicy.DEFAULT.timeout(),
          Risk.LOW,
          Seconds.from(0),
          "No further try begins after so many seconds; 0 for no limit.");
  private static final Setting<Boolean> NON_IDEMPOTENT =
      new Setting<>(
          Setting.Names.configMap("retry-non-idempotent"),
          false,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Adds non_idempotent to proxy-next-upstream everywhere.");

  private static <T> Setting<T> setting(
      String name, T byDefault, Risk risk, ValueParser<T> parser, String doc) {
    return new Setting<>(
        Setting.Names.both(name), byDefault, Scope.ROUTE, risk, WhenInvalid.DEFAULT, parser, doc);
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(CONDITIONS, TRIES, TIMEOUT, NON_IDEMPOTENT);
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    var conditions = values.get(CONDITIONS);
    if (values.get(NON_IDEMPOTENT) && !conditions.isEmpty()) {
      var wider = EnumSet.copyOf(conditions);
      wider.add(Condition.NON_IDEMPOTENT);
      conditions = wider;
    }
    route.retries(new RetryPolicy(conditions, values.get(TRIES), values.get(TIMEOUT)));
  }

  /** Words; {@code off} anywhere among them leaves none, as nginx reads it. */
  private static Set<Condition> conditions(String text) throws InvalidValueException {
    Set<Condition> conditions = EnumSet.noneOf(Condition.class);
    boolean off = false;
    for (var word : text.split("\\s+", -1)) {
      if (word.equals(OFF)) {
        off = true;
      } else {
        conditions.add(condition(word));
      }
    }
    return off ? Set.of() : Set.copyOf(conditions);
  }

  private static Condition condition(String word) throws InvalidValueException {
    for (var condition : Condition.values()) {
      if (condition.text().equals(word)) {
        return condition;
      }
    }
    throw new InvalidValueException(
        Arrays.stream(Condition.values())
            .map(Condition::text)
            .collect(Collectors.joining(", ", "words out of ", ", " + OFF)));
  }
}
