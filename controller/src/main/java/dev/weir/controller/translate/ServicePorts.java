package dev.weir.controller.translate;

import dev.weir.controller.resource.ServiceResource;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds the Service port that an Ingress means (ingress-nginx.md 4.6). */
final class ServicePorts {
  private ServicePorts() {}

  /**
   * The TCP port whose number, else whose name, else whose targetPort reads {@code text}. A number
   * comes first, so that a port isn't taken for another one's targetPort.
   */
  static Optional<ServiceResource.Port> find(ServiceResource service, String text) {
    return first(service, port -> Integer.toString(port.port()).equals(text))
        .or(() -> first(service, port -> !text.isEmpty() && port.name().equals(text)))
        .or(() -> first(service, port -> port.targetPort().equals(text)));
  }

  /** The ports as a message lists them: {@code 80 (http), 443}. */
  static String list(ServiceResource service) {
    var list = new StringBuilder();
    for (var port : service.ports()) {
      if (port.protocol().equals("TCP")) {
        list.append(list.isEmpty() ? "" : ", ").append(port.port());
        if (!port.name().isEmpty()) {
          list.append(" (").append(port.name()).append(')');
        }
      }
    }
    return list.isEmpty() ? "no TCP port" : list.toString();
  }

  private static Optional<ServiceResource.Port> first(
      ServiceResource service, Predicate<ServiceResource.Port> wanted) {
    return service.ports().stream()
        .filter(port -> port.protocol().equals("TCP") && wanted.test(port))
        .findFirst();
  }

  /** The number that {@code text} is, if it is a port number. */
  static Optional<Integer> number(String text) {
    if (!text.matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    int number = Integer.parseInt(text);
    return number >= 1 && number <= 65535 ? Optional.of(number) : Optional.empty();
  }
}
