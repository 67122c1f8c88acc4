package dev.weir.controller.parse;

import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.IngressResource.Backend;
import dev.weir.controller.resource.IngressResource.Path;
import dev.weir.controller.resource.IngressResource.PathType;
import dev.weir.controller.resource.IngressResource.PortRef;
import dev.weir.controller.resource.IngressResource.Rule;
import dev.weir.controller.resource.IngressResource.Tls;
import dev.weir.controller.resource.Meta;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Ingress of {@code networking.k8s.io/v1} and of the two {@code v1beta1} groups before it, which
 * write a backend as {@code serviceName} and {@code servicePort}, the default one as {@code
 * spec.backend}, and need no {@code pathType}.
 *
 * <p>A bad path, rule or default backend loses only itself.
 */
final class IngressParser {
  private static final int LONGEST_PATH = 4096;
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,5}");

  private final boolean old;

  /**
   * @param old whether the object is of a {@code v1beta1} version
   */
  IngressParser(boolean old) {
    this.old = old;
  }

  IngressResource parse(Field object, Meta meta) throws BadField {
    var spec = object.get("spec").required();
    var rules = spec.get("rules").attempt(field -> field.each(this::rule)).orElse(List.of());
    var tls = spec.get("tls").attempt(field -> field.each(this::tlsOrDefault)).orElse(List.of());
    var field = spec.get(old ? "backend" : "defaultBackend");
    var defaultBackend = field.absent() ? Optional.<Backend>empty() : field.attempt(this::backend);
    if (defaultBackend.isPresent()
        && rules.isEmpty()
        && !(spec.peek("rules") instanceof Tree.Sequence(var items, _, _) && items.isEmpty())
        && !spec.get("rules").absent()) {
      // With rules it is for their hosts; without, it would answer for every unknown host.
      field.warn("is not used, since no rule of the Ingress could be read", "correct the rules");
      defaultBackend = Optional.empty();
    }
    warnOfOtherVersion(spec, old ? "defaultBackend" : "backend");
    if (field.absent() && spec.get("rules").absent()) {
      spec.warn("has neither rules nor a default backend", "add rules");
    }
    return new IngressResource(
        meta, className(spec), defaultBackend, tls, rules, LoadBalancerParser.addresses(object));
  }

  private void warnOfOtherVersion(Field spec, String name) throws BadField {
    if (!spec.get(name).absent()) {
      spec.get(name).warn("is not a field of this apiVersion", otherVersion());
    }
  }

  private String otherVersion() {
    return old
        ? "write apiVersion: networking.k8s.io/v1, or the fields of v1beta1"
        : "write the fields of networking.k8s.io/v1: backend.service.name and .port";
  }

  /** A class that can't be read must not make the Ingress one without a class: it is lost. */
  private static String className(Field spec) throws BadField {
    return spec.get("ingressClassName").text("");
  }

  private Rule rule(Field rule) throws BadField {
    var host = host(rule.get("host"), true);
    var paths = rule.get("http").get("paths").each(this::path);
    return new Rule(host, paths);
  }

  private static String host(Field field, boolean mayBeEmpty) throws BadField {
    var text = mayBeEmpty ? field.text("") : field.text();
    var host = Syntax.lowerHost(text);
    if (text.isEmpty()) {
      return "";
    }
    if (host.equals("*")) {
      throw field.bad("\"*\" is no host", "leave the host out to match all hosts");
    }
    if (Syntax.ip(host).isPresent()) {
      throw field.bad(
          Syntax.quoted(text) + " is an address, not a host name", "write the DNS name");
    }
    if (!Syntax.host(host)) {
      throw field.bad(
          Syntax.quoted(text) + " is not a host name (expected: shop.example.com or *.example.com)",
          text.chars().anyMatch(c -> c > 127) ? "write it in its xn-- form" : "");
    }
    return host;
  }

  private Path path(Field field) throws BadField {
    var path = field.get("path").text("");
    var type = pathType(field.get("pathType"));
    checkPath(field.get("path"), path, type);
    var backend = backend(field.get("backend").required());
    return new Path(path, type, backend, field.path());
  }

  private PathType pathType(Field field) throws BadField {
    if (field.absent() && !old) {
      field.warn("is missing; taken as ImplementationSpecific", "write Prefix, Exact or that");
    }
    var text = field.text("ImplementationSpecific");
    return switch (text) {
      case "Exact" -> PathType.EXACT;
      case "Prefix" -> PathType.PREFIX;
      case "ImplementationSpecific" -> PathType.IMPLEMENTATION_SPECIFIC;
      default ->
          throw field.bad(
              Syntax.quoted(text) + " is not Exact, Prefix or ImplementationSpecific", "");
    };
  }

  private static void checkPath(Field field, String path, PathType type) throws BadField {
    if (path.length() > LONGEST_PATH) {
      throw field.bad("is longer than " + LONGEST_PATH + " characters", "");
    }
    if (path.chars().anyMatch(Character::isISOControl)) {
      throw field.bad(Syntax.quoted(path) + " contains a control character", "");
    }
    if (!path.startsWith("/") && (!path.isEmpty() || type != PathType.IMPLEMENTATION_SPECIFIC)) {
      throw field.bad(Syntax.quoted(path) + " does not start with '/'", "");
    }
  }

  private Backend backend(Field field) throws BadField {
    var resource = field.get("resource");
    var service = field.get(old ? "serviceName" : "service");
    if (!resource.absent()) {
      if (!service.absent()) {
        throw field.bad("names both a Service and a resource", "keep one of them");
      }
      return new Backend.OfResource(
          resource.get("kind").text() + " " + resource.get("name").text());
    }
    if (service.absent()) {
      boolean other = !field.get(old ? "service" : "serviceName").absent();
      throw field.bad("names no Service", other ? otherVersion() : "");
    }
    return old
        ? new Backend.OfService(serviceName(service), oldPort(field.get("servicePort")))
        : new Backend.OfService(serviceName(service.get("name")), port(service.get("port")));
  }

  private static String serviceName(Field field) throws BadField {
    var name = field.text();
    if (!Syntax.objectName(name)) {
      throw field.bad(Syntax.quoted(name) + " is not the name of a Service", "");
    }
    return name;
  }

  private static PortRef port(Field port) throws BadField {
    var name = port.get("name").text("");
    var number = port.get("number");
    if (number.absent() && name.isEmpty()) {
      throw port.bad("has neither a number nor a name", "add one of them");
    }
    if (!number.absent() && !name.isEmpty()) {
      throw port.bad("has both a number and a name", "keep one of them");
    }
    return name.isEmpty() ? new PortRef.Number(number.port()) : portName(port.get("name"), name);
  }

  private static PortRef oldPort(Field port) throws BadField {
    if (port.number()) {
      return new PortRef.Number(port.port());
    }
    var text = port.text();
    if (DIGITS.matcher(text).matches()) {
      int number = Integer.parseInt(text);
      if (number < 1 || number > 65535) {
        throw port.bad(Syntax.quoted(text) + " is not a port from 1 to 65535", "");
      }
      return new PortRef.Number(number);
    }
    return portName(port, text);
  }

  private static PortRef portName(Field field, String name) throws BadField {
    if (!Syntax.portName(name)) {
      throw field.bad(
          Syntax.quoted(name) + " is not the name of a port",
          "at most 15 lower-case letters, digits and dashes; a number goes without quotes");
    }
    return new PortRef.Name(name);
  }

  /** A bad entry must not turn TLS off: it stays as one without host and Secret. */
  private Tls tlsOrDefault(Field field) {
    return field.attempt(this::tls).orElse(new Tls(List.of(), ""));
  }

  private Tls tls(Field field) throws BadField {
    var hosts = field.get("hosts").each(host -> host(host, false));
    var secret = field.get("secretName");
    var name = secret.text("");
    if (!name.isEmpty() && !Syntax.objectName(name)) {
      secret.warn(
          Syntax.quoted(name) + " is not the name of a Secret; the default certificate is used",
          "write the name of a Secret of the same namespace");
      name = "";
    }
    return new Tls(hosts, name);
  }
}
