package dev.weir.controller.source;

import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.Resource;
import java.util.List;

/**
 * Changes that are applied together.
 *
 * @param scope whose findings {@code findings} replaces: a file's path, or a watched kind; findings
 *     of other scopes stay
 * @param findings what could not be understood in this scope, as it stands now
 */
public record SourceBatch(List<Change> changes, String scope, List<Finding> findings) {
  public SourceBatch {
    changes = List.copyOf(changes);
    findings = List.copyOf(findings);
  }

  /** One change. */
  public sealed interface Change {
    /** An object is there, in this state. */
    record Put(Resource resource) implements Change {}

    /** An object is gone. */
    record Remove(ObjectKey key) implements Change {}

    /**
     * A new list of a kind: these and no others exist. What is missing was deleted; nothing is
     * flushed in between.
     *
     * @param namespace empty for all namespaces
     */
    record Replace(Kind kind, String namespace, List<Resource> resources) implements Change {
      public Replace {
        resources = List.copyOf(resources);
      }
    }
  }
}
