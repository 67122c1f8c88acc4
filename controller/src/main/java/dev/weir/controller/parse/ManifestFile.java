package dev.weir.controller.parse;

import dev.weir.controller.resource.Finding;
import java.util.List;

/**
 * What a manifest file contains.
 *
 * @param objects in the order of the file
 * @param findings what is wrong with it or with an object in it
 * @param broken whether text or an object in it can't be understood at all, so that {@code objects}
 *     may lack what the author meant to be there
 */
public record ManifestFile(List<ManifestObject> objects, List<Finding> findings, boolean broken) {
  public ManifestFile {
    objects = List.copyOf(objects);
    findings = List.copyOf(findings);
  }
}
