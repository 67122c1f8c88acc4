package dev.weir.controller.translate;

import dev.weir.controller.resource.Finding;
import dev.weir.dataplane.model.Upstream;
import java.util.List;

/** An upstream with its endpoints, and what is wrong with them. */
public record UpstreamResult(Upstream upstream, List<Finding> findings) {
  public UpstreamResult {
    findings = List.copyOf(findings);
  }
}
