package dev.weir.e2e.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One request, taken apart.
 *
 * @param verb as RBAC names it: {@code get, list, watch, create, update, patch, delete}, or {@code
 *     discover} for a group version's document
 * @param groupVersion {@code v1} or {@code networking.k8s.io/v1}
 * @param query decoded query parameters
 * @param headers by lower-case name
 * @param body parsed body; {@link NullNode} if there is none
 */
public record ApiRequest(
    String verb,
    String groupVersion,
    Target target,
    Map<String, String> query,
    Map<String, String> headers,
    JsonNode body) {

  /**
   * What the path points at.
   *
   * @param resource plural name; empty for discovery
   * @param namespace empty for none or all
   * @param name empty for a collection
   * @param subresource {@code status} or empty
   */
  public record Target(String resource, String namespace, String name, String subresource) {}

  public ApiRequest {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  /** The plural name; empty for discovery. */
  public String resource() {
    return target.resource();
  }

  /** Empty for none or all. */
  public String namespace() {
    return target.namespace();
  }

  /** Empty for a collection. */
  public String name() {
    return target.name();
  }

  /** A query parameter, or an empty text. */
  public String parameter(String name) {
    return query.getOrDefault(name, "");
  }

  static ApiRequest parse(String method, String uri, Map<String, String> headers, JsonNode body) {
    int mark = uri.indexOf('?');
    var query = mark < 0 ? Map.<String, String>of() : parseQuery(uri.substring(mark + 1));
    var path = List.of((mark < 0 ? uri : uri.substring(0, mark)).substring(1).split("/", -1));
    int prefix = path.getFirst().equals("apis") ? 3 : 2;
    var groupVersion = String.join("/", path.subList(1, Math.min(prefix, path.size())));
    var rest = path.subList(Math.min(prefix, path.size()), path.size());
    var target = target(rest);
    return new ApiRequest(verb(method, target, query), groupVersion, target, query, headers, body);
  }

  private static Target target(List<String> path) {
    var namespace = "";
    var rest = path;
    if (rest.size() > 2 && rest.getFirst().equals("namespaces")) {
      namespace = rest.get(1);
      rest = rest.subList(2, rest.size());
    }
    return new Target(element(rest, 0), namespace, element(rest, 1), element(rest, 2));
  }

  private static String element(List<String> path, int index) {
    return index < path.size() ? decode(path.get(index)) : "";
  }

  private static String verb(String method, Target target, Map<String, String> query) {
    return switch (method) {
      case "GET" -> {
        if (target.resource().isEmpty()) {
          yield "discover";
        }
        var watch = query.getOrDefault("watch", "");
        boolean watching = watch.equals("1") || watch.equals("true");
        yield watching ? "watch" : target.name().isEmpty() ? "list" : "get";
      }
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> "delete";
      default -> method;
    };
  }

  private static Map<String, String> parseQuery(String text) {
    var query = new HashMap<String, String>();
    for (var pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        query.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
