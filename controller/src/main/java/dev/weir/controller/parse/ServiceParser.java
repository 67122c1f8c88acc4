package dev.weir.controller.parse;

import dev.weir.controller.resource.Meta;
import dev.weir.controller.resource.ServiceResource;
import dev.weir.controller.resource.ServiceResource.Port;
import dev.weir.controller.resource.ServiceResource.Type;
import java.util.List;

/** Service of {@code v1}. A bad port loses only itself. */
final class ServiceParser {
  private ServiceParser() {}

  static ServiceResource parse(Field object, Meta meta) throws BadField {
    var spec = object.get("spec").required();
    var type = type(spec.get("type"));
    var ports = spec.get("ports").attempt(f -> f.each(ServiceParser::port)).orElse(List.of());
    var externalName = type == Type.EXTERNAL_NAME ? externalName(spec.get("externalName")) : "";
    var external =
        new ServiceResource.External(
            LoadBalancerParser.externalIps(object), LoadBalancerParser.addresses(object));
    return new ServiceResource(
        meta, type, externalName, clusterIp(spec.get("clusterIP")), ports, external);
  }

  private static Type type(Field field) throws BadField {
    var text = field.text("");
    return switch (text) {
      case "", "ClusterIP" -> Type.CLUSTER_IP;
      case "NodePort" -> Type.NODE_PORT;
      case "LoadBalancer" -> Type.LOAD_BALANCER;
      case "ExternalName" -> Type.EXTERNAL_NAME;
      default ->
          throw field.bad(
              Syntax.quoted(text) + " is not ClusterIP, NodePort, LoadBalancer or ExternalName",
              "");
    };
  }

  private static String externalName(Field field) throws BadField {
    var name = Syntax.lowerHost(field.text());
    if (!Syntax.subdomain(name)) {
      throw field.bad(field.shown() + " is not a DNS name", "");
    }
    return name;
  }

  private static String clusterIp(Field field) throws BadField {
    var text = field.text("");
    if (text.isEmpty() || text.equals("None")) {
      return text;
    }
    var ip = Syntax.ip(text);
    if (ip.isEmpty()) {
      field.warn(field.shown() + " is neither an IP address nor None; it is ignored", "");
    }
    return ip.orElse("");
  }

  private static Port port(Field field) throws BadField {
    int port = field.get("port").port();
    var target = field.get("targetPort");
    return new Port(
        field.get("name").text(""),
        port,
        target.absent() ? Integer.toString(port) : targetPort(target),
        protocol(field.get("protocol")));
  }

  private static String targetPort(Field field) throws BadField {
    if (field.number()) {
      return Integer.toString(field.port());
    }
    var name = field.text();
    if (!Syntax.portName(name)) {
      throw field.bad(
          field.shown() + " is neither a port number nor the name of a port",
          "a number goes without quotes");
    }
    return name;
  }

  /** TCP if absent. Unknown ones are refused: what doesn't speak TCP can't be served. */
  static String protocol(Field field) throws BadField {
    var text = field.text("TCP");
    return switch (text) {
      case "TCP", "UDP", "SCTP" -> text;
      default -> throw field.bad(Syntax.quoted(text) + " is not TCP, UDP or SCTP", "");
    };
  }
}
