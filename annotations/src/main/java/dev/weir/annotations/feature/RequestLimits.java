package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Integers;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.AddressSet;
import dev.weir.dataplane.model.ConnectionLimit;
import dev.weir.dataplane.model.RequestLimit;
import java.util.List;

/**
 * {@code limit-rps}, {@code limit-rpm}, {@code limit-connections} and their companions
 * (ingress-nginx.md 1.3, 103 to 107): what one client address may take. All paths of an Ingress
 * count together, each Ingress and each proxy process for itself.
 */
public final class RequestLimits implements AnnotationFeature {
  private static final Setting<Integer> PER_SECOND =
      number("limit-rps", "Requests a second that a client address may send; 0 for no limit.");
  private static final Setting<Integer> PER_MINUTE =
      number("limit-rpm", "Requests a minute that a client address may send; 0 for no limit.");
  private static final Setting<Integer> CONNECTIONS =
      number(
          "limit-connections",
          "Requests of a client address that may be in flight at once; 0 for no limit.");
  private static final Setting<Integer> BURST =
      new Setting<>(
          Setting.Names.annotation("limit-burst-multiplier"),
          5,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Integers.from(1),
          "How many times the rate a client address may send at once, above the rate.");
  private static final Setting<AddressSet> EXEMPT =
      new Setting<>(
          new Setting.Names("limit-allowlist", "", List.of("limit-whitelist")),
          AddressSet.NONE,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DROP,
          RequestLimits::addresses,
          "Client addresses and ranges that limit-rps, limit-rpm and limit-connections don't"
              + " count.");
  private static final Setting<Integer> REQUESTS_STATUS =
      status("limit-req-status-code", "Status of the answer to requests above the rate.");
  private static final Setting<Integer> CONNECTIONS_STATUS =
      status("limit-conn-status-code", "Status of the answer to requests above the number.");

  private static Setting<Integer> number(String name, String doc) {
    return new Setting<>(
        Setting.Names.annotation(name),
        0,
        Scope.ROUTE,
        Risk.LOW,
        WhenInvalid.DROP,
        Integers::any,
        doc);
  }

  private static Setting<Integer> status(String key, String doc) {
    ValueParser<Integer> parser =
        text -> {
          int status = Integers.any(text);
          if (status < 400 || status > 599) {
            throw new InvalidValueException("a status from 400 to 599");
          }
          return status;
        };
    return new Setting<>(
        Setting.Names.configMap(key), 503, Scope.ROUTE, Risk.LOW, WhenInvalid.DEFAULT, parser, doc);
  }

  private static AddressSet addresses(String text) throws InvalidValueException {
    try {
      return AddressSet.parse(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException("addresses or ranges such as 10.0.0.0/8, 2001:db8::/32");
    }
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(
        PER_SECOND, PER_MINUTE, CONNECTIONS, BURST, EXEMPT, REQUESTS_STATUS, CONNECTIONS_STATUS);
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    var scope = route.references().namespace() + "/" + route.references().ingress();
    int perSecond = Math.max(0, values.get(PER_SECOND));
    int perMinute = Math.max(0, values.get(PER_MINUTE));
    if (perSecond > 0 || perMinute > 0) {
      route.filter(
          new RequestLimit(
              scope,
              perSecond,
              perMinute,
              values.get(BURST),
              values.get(EXEMPT),
              values.get(REQUESTS_STATUS)));
    }
    int connections = values.get(CONNECTIONS);
    if (connections > 0) {
      route.filter(
          new ConnectionLimit(
              scope, connections, values.get(EXEMPT), values.get(CONNECTIONS_STATUS)));
    }
  }
}
