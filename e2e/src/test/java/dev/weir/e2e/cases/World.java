package dev.weir.e2e.cases;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects of a case.
 *
 * @param configMap data of the ConfigMap that {@code --configmap} names
 * @param secrets by name: keys to text, or {@code tls} with a list of names for a new certificate
 * @param objects further ones as YAML
 * @param collector what a collector of traces speaks, grpc or http; empty for none
 */
record World(
    Map<String, String> configMap,
    List<IngressForm> ingresses,
    Map<String, ServiceForm> services,
    Map<String, JsonNode> secrets,
    Map<String, JsonNode> configMaps,
    String objects,
    String collector) {

  static final World EMPTY = new World(Map.of(), List.of(), Map.of(), Map.of(), Map.of(), "", "");

  static World read(Form form) {
    var ingresses = new ArrayList<IngressForm>();
    for (var node : form.list("ingress")) {
      ingresses.add(IngressForm.read(form.where() + ".ingress", node, ingresses.size() + 1));
    }
    var services = new LinkedHashMap<String, ServiceForm>();
    form.nodes("services")
        .forEach(
            (name, node) ->
                services.put(name, ServiceForm.read(form.where() + ".services." + name, node)));
    for (var ingress : ingresses) {
      ingress.services().forEach(name -> services.putIfAbsent(name, ServiceForm.ECHO));
    }
    return new World(
        form.textMap("configmap"),
        ingresses,
        services,
        form.nodes("secrets"),
        form.nodes("configmaps"),
        form.text("objects", ""),
        form.text("collector", ""));
  }
}
