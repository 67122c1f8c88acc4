package dev.weir.controller.loop;

import dev.weir.controller.resource.Finding;
import dev.weir.dataplane.model.RoutingTable;
import java.util.List;

/** The whole table and all findings at one moment. */
public record Snapshot(RoutingTable table, List<Finding> findings, TableStats stats) {
  public Snapshot {
    findings = List.copyOf(findings);
  }
}
