package dev.weir.e2e.cases;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An Ingress in few words.
 *
 * @param ofClass {@code ingressClassName}; empty for none
 * @param annotations by full name
 * @param paths written {@code /foo} (Prefix), {@code exact /foo} or {@code regex /fo+}
 *     (ImplementationSpecific), to {@code SERVICE} or {@code SERVICE:PORT}
 * @param tls names of Secrets; an empty one stands for an entry without Secret
 */
record IngressForm(
    String name,
    String ofClass,
    int created,
    Map<String, String> annotations,
    List<String> hosts,
    Map<String, String> paths,
    String defaultBackend,
    List<String> tls) {
  static final String PREFIX = "nginx.ingress.kubernetes.io/";

  static IngressForm read(String where, JsonNode node, int number) {
    var form = Form.of(where, node);
    var annotations = new LinkedHashMap<String, String>();
    form.textMap("annotations")
        .forEach((key, value) -> annotations.put(key.contains("/") ? key : PREFIX + key, value));
    var hosts = new ArrayList<>(form.texts("host"));
    hosts.addAll(form.texts("hosts"));
    var defaultBackend = form.text("default-backend", "");
    var paths = form.textMap("paths");
    if (!form.has("paths") && defaultBackend.isEmpty()) {
      paths.put("/", "web");
    }
    if (hosts.isEmpty() && !paths.isEmpty()) {
      hosts.add("");
    }
    var tls = form.has("tls") ? form.texts("tls") : List.<String>of();
    var read =
        new IngressForm(
            form.text("name", number == 1 ? "main" : "main-" + number),
            form.text("class", "nginx"),
            form.number("created", number),
            annotations,
            hosts,
            paths,
            defaultBackend,
            tls);
    form.end();
    return read;
  }

  /** The names of the Services that it leads to. */
  List<String> services() {
    var all = new ArrayList<>(paths.values());
    if (!defaultBackend.isEmpty()) {
      all.add(defaultBackend);
    }
    return all.stream().map(service -> service.split(":", 2)[0]).distinct().toList();
  }
}
