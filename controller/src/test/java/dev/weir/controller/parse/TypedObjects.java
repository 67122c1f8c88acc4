package dev.weir.controller.parse;

import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Resource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;

/** Parses YAML as an API client would see it: as an object of fabric8's model. */
final class TypedObjects {
  private final KubernetesSerialization serialization = new KubernetesSerialization();
  private final ObjectParser parser = new ObjectParser();

  Parsed parse(String yaml) {
    // Text that starts with a brace would be taken for JSON.
    HasMetadata object = serialization.unmarshal("# YAML\n" + yaml);
    return parser.parse(object);
  }

  /** An object that must be understood completely. */
  <T extends Resource> T clean(String yaml, Class<T> type) {
    var parsed = parse(yaml);
    if (!parsed.findings().isEmpty()) {
      throw new AssertionError("unexpected findings: " + texts(parsed));
    }
    return type.cast(parsed.resource().orElseThrow());
  }

  static List<String> texts(Parsed parsed) {
    return parsed.findings().stream().map(Finding::text).toList();
  }
}
