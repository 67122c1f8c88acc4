package dev.weir.controller.parse;

import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Resource;
import java.util.List;
import java.util.Optional;

/**
 * What became of an object.
 *
 * @param resource empty if Weir has no use for the object (no findings then: a Secret of a type
 *     that is never referred to), or if it can't be understood (an {@code ERROR} says why)
 * @param findings what is wrong with it; what could be understood of it is in {@code resource}
 */
public record Parsed(Optional<Resource> resource, List<Finding> findings) {
  public Parsed {
    findings = List.copyOf(findings);
  }
}
